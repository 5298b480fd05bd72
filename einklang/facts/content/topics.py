"""Contents and profiles know a topic by its slug; this is what people read."""

from __future__ import annotations

from collections.abc import Mapping

from einklang.core.pg import Cursor
from einklang.core.words import Words

Names = Mapping[str, Words]

NAMES = "SELECT slug, de, en FROM content_topic"
SAVE = """
INSERT INTO content_topic (slug, de, en) SELECT * FROM unnest(%s::text[], %s::text[], %s::text[])
ON CONFLICT (slug) DO UPDATE SET de = excluded.de, en = excluded.en
"""


def names(cur: Cursor) -> dict[str, Words]:
    return {slug: Words(de, en) for slug, de, en in cur.execute(NAMES)}


def name(known: Names, slug: str) -> Words:
    """A topic that nobody named yet is read from its slug: `arzneimittel-sicherheit` is Arzneimittel-Sicherheit."""
    plain = "-".join(part[:1].upper() + part[1:] for part in slug.split("-"))
    return known.get(slug) or Words(plain, plain)


def save(cur: Cursor, topics: Names) -> None:
    german, english = [each.de for each in topics.values()], [each.en for each in topics.values()]
    cur.execute(SAVE, (list(topics), german, english))
