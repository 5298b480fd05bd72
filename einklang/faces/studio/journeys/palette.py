"""What one may write into a journey: the steps as text to copy, and the names that exist."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from einklang.core.pg import Cursor
from einklang.faces.studio.journeys import words
from einklang.facts.content import read as content
from einklang.facts.products import read as products
from einklang.loop.interactions.kinds import KINDS
from einklang.ui import locale

BLOCKS = (
    ("Warten", "Wait", '"warten": {"wait": {"for": "P2D"}, "next": "end"}'),
    (
        "Bis zu einer Uhrzeit warten",
        "Wait until a time of day",
        '"morgens": {"wait": {"until": "09:00"}, "next": "end"}',
    ),
    (
        "Nachricht",
        "Message",
        '"mail": {\n  "message": {"content": "…", "channel": "email", "purpose": "promotional", "unit": "marketing"},\n'
        '  "next": "end"\n}',
    ),
    (
        "Auf ein Zeichen warten",
        "Wait for a sign",
        '"antwort": {\n  "wait_for": {"kinds": ["email.clicked"], "where": {"linked_by": "mail"}, "at_most": "P5D"},\n'
        '  "then": "end",\n  "else": "end"\n}',
    ),
    (
        "Verzweigen",
        "Branch",
        '"frage": {\n  "branch": {"if": {"outcome": {"of": "mail", "is": "withheld"}}},\n'
        '  "then": "end",\n  "else": "end"\n}',
    ),
    (
        "Versuch: Wege nach dem Zufall",
        "Experiment: ways by chance",
        '"versuch": {\n  "split": [\n    {"name": "bisher", "share": 50, "next": "mail"},\n'
        '    {"name": "neu", "share": 50, "next": "end"}\n  ]\n}',
    ),
    (
        "Versuch: Reihenfolge zweier Schritte",
        "Experiment: order of two steps",
        '"reihenfolge": {\n  "order": {\n    "between": "P5D",\n    "steps": [\n'
        '      {"name": "brief", "message": {"content": "…", "channel": "email", "purpose": "promotional", '
        '"unit": "marketing"}},\n'
        '      {"name": "gespraech", "suggest": {"kind": "visit", "title": {"de": "…", "en": "…"}}}\n'
        '    ]\n  },\n  "next": "end"\n}',
    ),
    (
        "Vorschlag an den Außendienst",
        "Suggestion to the rep",
        '"besuch": {\n  "suggest": {"kind": "visit", "title": {"de": "…", "en": "…"}},\n  "next": "end"\n}',
    ),
    (
        "Test: wer, was geschieht, was folgt",
        "Test: who, what happens, what follows",
        "- name: Ohne Einwilligung keine Mail\n  given: {profession: physician, without: [email]}\n  when:\n"
        "    - {after: P1D, happens: content.viewed}\n  then:\n    - {withheld: mail, rule: DE-CON-01}\n"
        "    - {never: sent}\n    - {ends: done}",
    ),
)


@dataclass(frozen=True)
class Palette:
    """(name as it is written, what it is)."""

    mails: list[tuple[str, str]]
    contents: list[tuple[str, str]]
    kinds: list[tuple[str, str]]
    products: list[tuple[str, str]]


def palette(cur: Cursor, now: datetime) -> Palette:
    live = content.listing(cur, now=now)
    language = locale.current()
    return Palette(
        mails=[(each.slug, each.title(language)) for each in live if each.kind == "mail"],
        contents=[(each.slug, each.title(language)) for each in live if each.kind not in ("mail", "system_mail")],
        kinds=[(kind, words.event(kind)) for kind in KINDS],
        products=sorted({(each.slug, each.name) for each in products.all_products(cur)}),
    )
