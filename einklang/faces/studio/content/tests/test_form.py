from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einklang.faces.studio.content import form
from einklang.facts.content import blocks

REFERENCE = {"author": "Musterautor A", "year": 2025, "source": "Fiktives Journal", "about_product": True}
BODIES: dict[str, dict[str, Any]] = {
    "article": {
        "title": "Titel",
        "lede": "Vorspann",
        "minutes": 4,
        "references": [REFERENCE, "Nur eine Zeile"],
        "claims": [{"text": "Wirkt | früh", "references": [1]}],
        "blocks": [
            {"type": "p", "text": "Ein\nAbsatz"},
            {"type": "h", "text": "Zwischentitel"},
            {"type": "list", "items": ["Eins", "Zwei"], "ordered": True},
            {"type": "quote", "text": "Wort", "source": "Wer", "checked_by": "Ich"},
            {"type": "table", "head": ["A", "B"], "rows": [["1", "2"]], "caption": "Tafel"},
            {"type": "figure", "asset": "content/bild.png", "alt": "Ein Bild"},
            {"type": "chart", "title": "Z", "bars": [{"label": "A", "value": 9.5, "low": 8.0, "high": 9.9}]},
        ],
    },
    "video": {
        "title": "Film",
        "lede": "Vorspann",
        "seconds": 90,
        "transcript": ["Erster Satz.", "Zweiter Satz."],
        "chapters": [{"at": 0, "title": "Beginn"}],
        "blocks": [{"type": "video", "asset": "content/film.webm", "captions": [{"locale": "de", "asset": "de.vtt"}]}],
    },
    "slides": {
        "title": "Folien",
        "slides": [
            {"title": "Erste", "blocks": [{"type": "p", "text": "Text"}], "notes": "Leise"},
            {"title": "Zweite", "blocks": []},
        ],
    },
    "mail": {
        "subject": "Betreff",
        "paragraphs": ["Eins", "Zwei"],
        "links": [{"label": "Zur Studie", "kind": "study", "content_slug": "studie"}],
    },
}  # fmt: skip


def sent(texts: list[form.Text], **more: str) -> dict[str, str]:
    post = dict(more)
    for text in texts:
        post |= {f"{text.locale}-{name}": value for name, value in text.values.items()}
        post[f"{text.locale}-rows"] = str(len(text.rows))
        for number, row in enumerate(text.rows):
            post[f"{text.locale}-{number}-kind"] = row.kind
            post |= {f"{text.locale}-{number}-{name}": value for name, value in row.values.items()}
    return post


@pytest.mark.parametrize("kind", BODIES)
def test_a_text_comes_back_from_the_form_as_it_was(kind: str) -> None:
    body = {"de": BODIES[kind], "en": BODIES[kind]}
    blocks.check(kind, body)
    assert form.body(form.read(sent(form.show(body, kind)), kind)) == body


def test_a_language_without_a_word_is_no_language() -> None:
    body = {"de": BODIES["article"]}
    assert form.body(form.read(sent(form.show(body, "article")), "article")) == body


@pytest.mark.parametrize(
    ("act", "kinds"),
    [
        ("add:de:quote", ["slide", "p", "slide", "quote"]),
        ("up:de:1", ["p", "slide", "slide"]),
        ("down:de:0", ["p", "slide", "slide"]),
        ("remove:de:1", ["slide", "slide"]),
        ("remove:de:99", ["slide", "p", "slide"]),
        ("up:de:0", ["slide", "p", "slide"]),
        ("add:de:script", ["slide", "p", "slide"]),
    ],
)
def test_a_button_adds_moves_and_removes_a_block(act: str, kinds: list[str]) -> None:
    german, _ = form.read(sent(form.show({"de": BODIES["slides"]}, "slides"), act=act), "slides")
    assert [row.kind for row in german.rows] == kinds


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("body.de.title", "de-title"),
        ("body.de.slides[0].title", "de-0"),
        ("body.de.slides[0].blocks[0].text", "de-1"),
        ("body.de.slides[1].title", "de-2"),
        ("body.en.title", "en-title"),
        ("valid_to", ""),
    ],
)
def test_what_is_wrong_is_told_at_its_field(path: str, field: str) -> None:
    texts = form.show({"de": BODIES["slides"]}, "slides")
    assert form.place(texts, path, "So nicht.") == field


@given(
    st.dictionaries(
        st.sampled_from(["act", "de-rows", "de-0-kind", "de-0-text", "de-references", "de-claims"]), st.text()
    )
)
def test_whatever_is_sent_is_read(post: dict[str, str]) -> None:
    for kind in ("article", "video", "slides", "mail"):
        form.body(form.read(post, kind))
