"""Contents and profiles know a topic by its slug; this is what people read, and whose specialty it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from einklang.core.pg import Cursor
from einklang.core.words import Words

LOAD = "SELECT slug, de, en, specialties FROM content_topic"
SAVE = """
INSERT INTO content_topic (slug, de, en, specialties) VALUES (%s, %s, %s, %s)
ON CONFLICT (slug) DO UPDATE SET de = excluded.de, en = excluded.en, specialties = excluded.specialties
"""


class Topic(NamedTuple):
    name: Words
    specialties: frozenset[str] = frozenset()


Topics = Mapping[str, Topic]


def load(cur: Cursor) -> dict[str, Topic]:
    return {slug: Topic(Words(de, en), frozenset(concerned)) for slug, de, en, concerned in cur.execute(LOAD)}


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
