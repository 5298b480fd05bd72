"""The shape of a body: {"de": text, "en": text}, text by kind as in TEXTS, its blocks as in BLOCKS."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from einklang.core.errors import InputError
from einklang.core.words import Words

LOCALES = ("de", "en")
MAIN_LOCALE = "de"

Check = Callable[[str, Any], None]


@dataclass(frozen=True, slots=True)
class Field:
    check: Check
    required: bool = True


TEXT = Words("Hier steht ein Text.", "This is a text.")
ONE_LINE = Words("Der Text steht in einer Zeile.", "This text is a single line.")
NO_NUL = Words("Der Text enthält kein NUL-Zeichen.", "This text has no NUL character.")
NUMBER = Words("Hier steht eine ganze Zahl ab 0.", "This is a whole number from 0 on.")
AMOUNT = Words("Hier steht eine Zahl, mit Punkt statt Komma.", "This is a number with a decimal point.")
FLAG = Words("Hier steht true oder false.", "This is true or false.")
LIST = Words("Hier steht eine Liste.", "This is a list.")
OBJECT = Words("Hier steht ein Objekt.", "This is an object.")
MISSING = Words("Dieses Feld fehlt.", "This field is missing.")
UNKNOWN = Words("Das gibt es hier nicht.", "There is no such thing here.")
NOT_EMPTY = Words("Hier fehlt mindestens ein Eintrag.", "At least one entry is missing here.")
BY_NUMBER = Words(
    "Die Aussage nennt eine Quelle, die es nicht gibt (DE-HWG-11).",
    "The claim names a reference that is not there (DE-HWG-11).",
)
ONE_TARGET = Words("Ein Link führt zu content_slug oder zu url.", "A link leads to content_slug or to url.")


def refuse(field: str, rule: Words, known: Iterable[str] = ()) -> NoReturn:
    names = ", ".join(known)
    raise InputError(field, rule, Words(f"Es gibt: {names}.", f"There is: {names}.") if names else "")


def text(field: str, value: Any) -> None:
    if not isinstance(value, str) or not value.strip():
        refuse(field, TEXT)
    if "\0" in value:
        refuse(field, NO_NUL)


def line(field: str, value: Any) -> None:
    text(field, value)
    if any(char in value for char in "\r\n"):
        refuse(field, ONE_LINE)


def number(field: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        refuse(field, NUMBER)


def amount(field: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        refuse(field, AMOUNT)


def flag(field: str, value: Any) -> None:
    if not isinstance(value, bool):
        refuse(field, FLAG)


def each(check: Check) -> Check:
    def check_list(field: str, value: Any) -> None:
        if not isinstance(value, list):
            refuse(field, LIST)
        for index, item in enumerate(value):
            check(f"{field}[{index}]", item)

    return check_list


def some(check: Check) -> Check:
    """A list with at least one entry."""

    def check_some(field: str, value: Any) -> None:
        each(check)(field, value)
        if not value:
            refuse(field, NOT_EMPTY)

    return check_some


def shape(field: str, value: Any, fields: Mapping[str, Field]) -> None:
    if not isinstance(value, dict):
        refuse(field, OBJECT)
    for name in value.keys() - fields.keys():
        refuse(f"{field}.{name}", UNKNOWN, fields)
    for name, spec in fields.items():
        if name in value:
            spec.check(f"{field}.{name}", value[name])
        elif spec.required:
            refuse(f"{field}.{name}", MISSING)


def bar(field: str, value: Any) -> None:
    """One value with its interval, where there is one."""
    bound = Field(amount, required=False)
    shape(field, value, {"label": Field(line), "value": Field(amount), "low": bound, "high": bound})


def caption(field: str, value: Any) -> None:
    shape(field, value, {"locale": Field(line), "asset": Field(line)})


BLOCKS: dict[str, dict[str, Field]] = {
    "p": {"text": Field(text)},
    "h": {"text": Field(line)},
    "list": {"items": Field(each(text)), "ordered": Field(flag, required=False)},
    "quote": {"text": Field(text), "source": Field(line), "checked_by": Field(line, required=False)},
    "table": {
        "head": Field(each(text)),
        "rows": Field(each(each(text))),
        "caption": Field(text, required=False),
    },
    "figure": {"asset": Field(line), "alt": Field(text), "caption": Field(text, required=False)},
    "video": {
        "asset": Field(line),
        "title": Field(line, required=False),
        "poster": Field(line, required=False),
        "captions": Field(each(caption), required=False),
    },
    "chart": {
        "title": Field(line),
        "unit": Field(line, required=False),
        "finding": Field(text, required=False),
        "bars": Field(some(bar)),
    },
}


def block(field: str, value: Any) -> None:
    kind = str(value.get("type")) if isinstance(value, dict) else ""
    if kind not in BLOCKS:
        refuse(f"{field}.type", UNKNOWN, BLOCKS)
    shape(field, value, {"type": Field(line), **BLOCKS[kind]})


def link(field: str, value: Any) -> None:
    optional = Field(line, required=False)
    shape(field, value, {"label": Field(line), "kind": Field(line), "content_slug": optional, "url": optional})
    if ("content_slug" in value) == ("url" in value):
        refuse(field, ONE_TARGET)


def reference(field: str, value: Any) -> None:
    """A plain line, or in the four parts that DE-HWG-11 asks of what a claim stands on."""
    if isinstance(value, str):
        text(field, value)
    else:
        shape(field, value, REFERENCE)


def claim(field: str, value: Any) -> None:
    shape(field, value, {"text": Field(line), "references": Field(some(number))})


def chapter(field: str, value: Any) -> None:
    shape(field, value, {"at": Field(number), "title": Field(line)})


def slide(field: str, value: Any) -> None:
    shape(field, value, {"title": Field(line), "blocks": Field(each(block)), "notes": Field(text, required=False)})


REFERENCE = {
    "author": Field(line),
    "year": Field(number),
    "source": Field(line),
    "about_product": Field(flag),
}
PROOFS = {
    "references": Field(each(reference), required=False),
    "claims": Field(each(claim), required=False),
}
ARTICLE = {
    "title": Field(line),
    "lede": Field(text),
    "kicker": Field(line, required=False),
    "poster": Field(line, required=False),
    "minutes": Field(number, required=False),
    "seconds": Field(number, required=False),
    "blocks": Field(each(block)),
    "transcript": Field(each(text), required=False),
    **PROOFS,
}
VIDEO = ARTICLE | {"transcript": Field(each(text)), "chapters": Field(each(chapter), required=False)}
SLIDES = {
    "title": Field(line),
    "lede": Field(text, required=False),
    "slides": Field(some(slide)),
    **PROOFS,
}
MAIL = {
    "subject": Field(line),
    "preheader": Field(line, required=False),
    "greeting": Field(line, required=False),
    "paragraphs": Field(each(text)),
    "links": Field(each(link), required=False),
    "closing": Field(text, required=False),
    **PROOFS,
}
TEXTS: dict[str, dict[str, Field]] = {
    "article": ARTICLE,
    "study": ARTICLE,
    "video": VIDEO,
    "slides": SLIDES,
    "mail": MAIL,
    "system_mail": MAIL,
}


def check(kind: str, body: Any) -> None:
    """Raises InputError that names the first wrong field by its path, such as `body.de.blocks[2].text`."""
    if kind not in TEXTS:
        refuse("kind", UNKNOWN, TEXTS)
    shape("body", body, {locale: Field(lambda *_: None, required=locale == MAIN_LOCALE) for locale in LOCALES})
    for locale, words in body.items():
        shape(f"body.{locale}", words, TEXTS[kind])
        _check_claims(f"body.{locale}", words)


def _check_claims(field: str, words: Mapping[str, Any]) -> None:
    known = range(1, len(words.get("references", ())) + 1)
    for index, each_claim in enumerate(words.get("claims", ())):
        if not set(each_claim["references"]) <= set(known):
            refuse(f"{field}.claims[{index}]", BY_NUMBER)
