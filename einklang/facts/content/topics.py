"""Contents and profiles know a topic by its slug; this is what people read, and whose specialty it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words

SLUG = re.compile(r"[\w-]+")
NO_SLUG = (
    Words("Ein Kürzel besteht aus Buchstaben, Ziffern und Bindestrichen.", "A slug has letters, digits and hyphens."),
    Words(
        "Es ist das Wort, das an den Inhalten steht, etwa „herzinsuffizienz“.",
        "It is the word that stands at the contents, such as “herzinsuffizienz”.",
    ),
)
LOAD = "SELECT slug, de, en, specialties FROM content_topic"
OFFERED = f"{LOAD} WHERE NOT retired"
SAVE = """
INSERT INTO content_topic (slug, de, en, specialties) VALUES (%s, %s, %s, %s)
ON CONFLICT (slug) DO UPDATE SET de = excluded.de, en = excluded.en, specialties = excluded.specialties,
    revision = content_topic.revision + 1
"""


class Topic(NamedTuple):
    name: Words
    specialties: frozenset[str] = frozenset()


Topics = Mapping[str, Topic]


def load(cur: Cursor) -> dict[str, Topic]:
    """Retired ones too: what bears one is still read."""
    return _topics(cur, LOAD)


def offered(cur: Cursor) -> dict[str, Topic]:
    return _topics(cur, OFFERED)


def slug(field: str, value: str) -> str:
    plain = value.strip().lower()
    if not SLUG.fullmatch(plain):
        raise InputError(field, *NO_SLUG)
    return plain


def meant(known: Topics, said: str) -> str | None:
    """The topic that somebody means, by its slug or one of its names."""
    plain = said.strip().lower()
    named = (slug for slug, each in known.items() if plain in (each.name.de.lower(), each.name.en.lower()))
    return plain if plain in known else next(named, None)


def name(known: Topics, slug: str) -> Words:
    """A topic that nobody named yet is read from its slug: `arzneimittel-sicherheit` is Arzneimittel-Sicherheit."""
    if slug in known:
        return known[slug].name
    plain = "-".join(part[:1].upper() + part[1:] for part in slug.split("-"))
    return Words(plain, plain)


def concern(known: Topics, slugs: Iterable[str], specialty: str) -> bool:
    """Does one of these topics belong to this specialty?"""
    return any(specialty in known[slug].specialties for slug in slugs if slug in known)


def save(cur: Cursor, topics: Topics) -> None:
    rows = [(slug, each.name.de, each.name.en, sorted(each.specialties)) for slug, each in topics.items()]
    cur.executemany(SAVE, rows)


def _topics(cur: Cursor, query: str) -> dict[str, Topic]:
    return {slug: Topic(Words(de, en), frozenset(concerned)) for slug, de, en, concerned in cur.execute(query)}
