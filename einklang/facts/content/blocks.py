"""The shape of a body: {"de": text, "en": text}, text by kind as in TEXTS, its blocks as in BLOCKS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from einklang.core.errors import InputError

LOCALES = ("de", "en")
MAIN_LOCALE = "de"

Check = Callable[[str, Any], None]


@dataclass(frozen=True, slots=True)
class Field:
    check: Check
    required: bool = True


def refuse(field: str, rule: str, way_out: str = "Bitte berichtigen Sie dieses Feld.") -> None:
    raise InputError(field, rule, way_out)


def text(field: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        refuse(field, "Hier muss ein Text stehen.")
    elif "\0" in value:
        refuse(field, "Der Text enthält ein NUL-Zeichen.")


def line(field: str, value: Any) -> None:
    text(field, value)
    if any(char in value for char in "\r\n"):
        refuse(field, "Der Text steht in einer Zeile.", "Bitte entfernen Sie den Zeilenumbruch.")


def number(field: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse(field, "Hier muss eine ganze Zahl stehen.")


def flag(field: str, value: Any) -> None:
    if not isinstance(value, bool):
        refuse(field, "Hier muss true oder false stehen.")


def each(check: Check) -> Check:
    def check_list(field: str, value: Any) -> None:
        if not isinstance(value, list):
            refuse(field, "Hier muss eine Liste stehen.")
        for index, item in enumerate(value):
            check(f"{field}[{index}]", item)

    return check_list


def shape(field: str, value: Any, fields: Mapping[str, Field]) -> None:
    if not isinstance(value, dict):
        refuse(field, "Hier muss ein Objekt stehen.")
    for name in value.keys() - fields.keys():
        refuse(f"{field}.{name}", "Dieses Feld gibt es hier nicht.", f"Es gibt: {', '.join(fields)}.")
    for name, spec in fields.items():
        if name in value:
            spec.check(f"{field}.{name}", value[name])
        elif spec.required:
            refuse(f"{field}.{name}", "Dieses Feld fehlt.")


BLOCKS: dict[str, dict[str, Field]] = {
    "p": {"text": Field(text)},
    "h": {"text": Field(line)},
    "list": {"items": Field(each(text)), "ordered": Field(flag, required=False)},
    "quote": {"text": Field(text), "source": Field(line)},
    "table": {
        "head": Field(each(text)),
        "rows": Field(each(each(text))),
        "caption": Field(text, required=False),
    },
    "figure": {"asset": Field(line), "alt": Field(text), "caption": Field(text, required=False)},
    "video": {
        "asset": Field(line),
        "poster": Field(line),
        "captions": Field(line),
        "transcript": Field(text),
        "title": Field(line, required=False),
    },
}


def block(field: str, value: Any) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in BLOCKS:
        refuse(f"{field}.type", "Diesen Baustein gibt es nicht.", f"Es gibt: {', '.join(BLOCKS)}.")
    shape(field, value, {"type": Field(line), **BLOCKS[str(kind)]})


def link(field: str, value: Any) -> None:
    optional = Field(line, required=False)
    shape(field, value, {"label": Field(line), "kind": Field(line), "content_slug": optional, "url": optional})
    if ("content_slug" in value) == ("url" in value):
        refuse(field, "Ein Link führt entweder zu content_slug oder zu url.")


ARTICLE = {
    "title": Field(line),
    "lede": Field(text),
    "minutes": Field(number, required=False),
    "blocks": Field(each(block)),
    "references": Field(each(text), required=False),
}
MAIL = {
    "subject": Field(line),
    "preheader": Field(line, required=False),
    "greeting": Field(line, required=False),
    "paragraphs": Field(each(text)),
    "links": Field(each(link), required=False),
    "closing": Field(text, required=False),
}
TEXTS: dict[str, dict[str, Field]] = {
    "article": ARTICLE,
    "study": ARTICLE,
    "video": ARTICLE,
    "slides": ARTICLE,
    "mail": MAIL,
    "system_mail": MAIL,
}


def check(kind: str, body: Any) -> None:
    """Raises InputError that names the first wrong field by its path, such as `body.de.blocks[2].text`."""
    if kind not in TEXTS:
        refuse("kind", "Diese Art von Inhalt gibt es nicht.", f"Es gibt: {', '.join(TEXTS)}.")
    shape("body", body, {locale: Field(lambda *_: None, required=locale == MAIN_LOCALE) for locale in LOCALES})
    for locale, words in body.items():
        shape(f"body.{locale}", words, TEXTS[kind])
