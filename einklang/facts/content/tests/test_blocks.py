from __future__ import annotations

from typing import Any

import pytest

from einklang.core.errors import InputError
from einklang.facts.content import blocks

ARTICLE: dict[str, Any] = {
    "title": "Titel",
    "lede": "Vorspann",
    "minutes": 4,
    "blocks": [
        {"type": "p", "text": "Absatz"},
        {"type": "h", "text": "Überschrift"},
        {"type": "list", "items": ["eins", "zwei"], "ordered": True},
        {"type": "quote", "text": "Zitat", "source": "Quelle, 2025"},
        {"type": "table", "head": ["A", "B"], "rows": [["1", "2"]], "caption": "Tabelle"},
        {"type": "figure", "asset": "pulse", "alt": "Kurve"},
        {"type": "video", "asset": "video"},
    ],
    "references": ["Autor, Titel, 2025"],
}
MAIL: dict[str, Any] = {
    "subject": "Betreff",
    "paragraphs": ["Absatz"],
    "links": [{"label": "Zur Studie", "kind": "content", "content_slug": "studie"}],
}


def wrong_field(kind: str, body: Any) -> str:
    with pytest.raises(InputError) as refused:
        blocks.check(kind, body)
    return refused.value.field


def test_every_kind_of_block_is_known() -> None:
    for kind in ("article", "study"):
        blocks.check(kind, {"de": ARTICLE, "en": ARTICLE})
    film = {**ARTICLE, "transcript": ["Gesprochen"], "seconds": 30, "chapters": [{"at": 12, "title": "Beginn"}]}
    blocks.check("video", {"de": film})
    blocks.check("slides", {"de": {"title": "Folien", "slides": [{"title": "Erste", "blocks": ARTICLE["blocks"]}]}})
    for kind in ("mail", "system_mail"):
        blocks.check(kind, {"de": MAIL})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "body.de.title"),
        ({"title": "zwei\nZeilen"}, "body.de.title"),
        ({"lede": 3}, "body.de.lede"),
        ({"lede": "nul\0"}, "body.de.lede"),
        ({"minutes": "4"}, "body.de.minutes"),
        ({"minutes": True}, "body.de.minutes"),
        ({"minutes": -1}, "body.de.minutes"),
        ({"price": 1}, "body.de.price"),
        ({"blocks": {}}, "body.de.blocks"),
        ({"blocks": [{"type": "p", "text": "x"}, {"type": "p"}]}, "body.de.blocks[1].text"),
        ({"blocks": [{"type": "script", "text": "x"}]}, "body.de.blocks[0].type"),
        ({"blocks": ["x"]}, "body.de.blocks[0].type"),
        ({"blocks": [{"type": ["p"]}]}, "body.de.blocks[0].type"),
        ({"blocks": [{"type": "p", "text": "x", "html": "<b>"}]}, "body.de.blocks[0].html"),
        ({"blocks": [{"type": "list", "items": ["x", 1]}]}, "body.de.blocks[0].items[1]"),
        ({"blocks": [{"type": "list", "items": ["x"], "ordered": "yes"}]}, "body.de.blocks[0].ordered"),
        ({"blocks": [{"type": "table", "head": ["x"], "rows": ["x"]}]}, "body.de.blocks[0].rows[0]"),
        ({"references": [""]}, "body.de.references[0]"),
    ],
)
def test_a_wrong_article_names_its_field(change: dict[str, Any], field: str) -> None:
    assert wrong_field("article", {"de": {**ARTICLE, **change}}) == field


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": "Betreff\r\nBcc: x@y.example"}, "body.de.subject"),
        ({"paragraphs": "Absatz"}, "body.de.paragraphs"),
        ({"links": [{"label": "x", "kind": "content"}]}, "body.de.links[0]"),
        ({"links": [{"label": "x", "kind": "content", "url": "u", "content_slug": "s"}]}, "body.de.links[0]"),
        ({"links": [{"kind": "content", "url": "u"}]}, "body.de.links[0].label"),
    ],
)
def test_a_wrong_mail_names_its_field(change: dict[str, Any], field: str) -> None:
    assert wrong_field("mail", {"de": {**MAIL, **change}}) == field


def test_a_body_has_german_and_no_language_that_we_do_not_speak() -> None:
    assert wrong_field("article", {"en": ARTICLE}) == "body.de"
    assert wrong_field("article", {"de": ARTICLE, "fr": ARTICLE}) == "body.fr"
    assert wrong_field("article", {"de": ARTICLE, "en": {}}) == "body.en.title"
    assert wrong_field("article", [ARTICLE]) == "body"
    assert wrong_field("leaflet", {"de": ARTICLE}) == "kind"


def test_a_video_has_a_transcript() -> None:
    assert wrong_field("video", {"de": ARTICLE}) == "body.de.transcript"
