"""The properties of our kinds, and why an event does not become one, in words."""

from __future__ import annotations

from einklang.loop.interactions import kinds
from einklang.ui.text import t

USEFUL = {
    "content.viewed": ("title",),
    "email.clicked": ("content_slug", "topics", "title"),
}  # beside what a kind requires: what profiles and timelines make use of
PROPERTIES = {
    "content_slug": ("Kurzname des Inhalts", "Short name of the content"),
    "topics": ("Themen", "Topics"),
    "title": ("Titel", "Title"),
    "link": ("Worauf geklickt wurde", "What was clicked"),
    "pack": ("Packung", "Pack"),
    "quantity": ("Menge", "Quantity"),
    "order": ("Bestellung", "Order"),
}
SORTS = {
    str: ("ein Text", "a text"),
    int: ("eine ganze Zahl", "a whole number"),
    list: ("eine Liste von Texten", "a list of texts"),
}
REASONS = {
    "is required": ("fehlt", "is missing"),
    "must be a string": ("ist kein Text", "is no text"),
    "must be a whole number": ("ist keine ganze Zahl", "is no whole number"),
    "must be a list of strings": ("ist keine Liste von Texten", "is no list of texts"),
}


def properties(kind: str) -> list[str]:
    return [*kinds.kind(kind).required, *USEFUL.get(kind, ())]


def label(name: str) -> str:
    return t(*PROPERTIES.get(name, (name, name)))


def hint(kind: str, name: str) -> str:
    expected = kinds.kind(kind).required.get(name)
    if expected is None:
        return ""
    return t("Nötig: {what}.", "Required: {what}.").format(what=t(*SORTS[expected]))


def reason(field: str, said: str) -> str:
    return f"{label(field)}: {t(*REASONS.get(said, (said, said)))}"
