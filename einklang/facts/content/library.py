"""The contents of the house by what one looks for: kind, state, product, language, words of the title."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor

SOON = timedelta(days=90)
STATUSES = (
    "draft", "in_review", "changes_requested", "rejected", "released", "scheduled", "needs_review", "withheld",
    "expiring", "expired", "withdrawn",
)  # fmt: skip
LIBRARY = """
WITH newest AS (
    SELECT DISTINCT ON (slug, state = 'draft') id, slug, version, kind, audience, promotional, authorisation_id,
        coalesce(body->'de'->>'title', body->'de'->>'subject', slug) AS de,
        coalesce(body->'en'->>'title', body->'en'->>'subject') AS en,
        valid_from, valid_to, frozen_at, state, review
    FROM content_contentversion ORDER BY slug, state = 'draft', version DESC
), told AS (
    SELECT id, slug, version, kind, audience, promotional, authorisation_id, de, en, valid_from, valid_to, frozen_at,
        CASE WHEN state = 'withdrawn' THEN state
             WHEN state = 'draft' THEN coalesce(nullif(review, ''), 'draft')
             WHEN valid_to <= %(now)s THEN 'expired'
             WHEN review <> '' THEN review
             WHEN valid_from > %(now)s THEN 'scheduled'
             WHEN valid_to <= %(soon)s THEN 'expiring'
             ELSE 'released' END AS status
    FROM newest
)
SELECT id, slug, version, kind, audience, promotional, authorisation_id, de, en, valid_from, valid_to, frozen_at, status
FROM told
"""
FILTER = """
WHERE (%(kind)s::text IS NULL OR kind = %(kind)s) AND (%(status)s::text IS NULL OR status = %(status)s)
    AND (%(product)s::uuid IS NULL OR authorisation_id = %(product)s)
    AND (%(english)s::bool IS NULL OR (en IS NOT NULL) = %(english)s)
    AND (%(words)s::text IS NULL OR strpos(lower(concat_ws(' ', de, en, slug)), lower(%(words)s)) > 0)
ORDER BY coalesce(frozen_at, valid_from) DESC, slug, version DESC LIMIT %(limit)s
"""
COUNTS = "SELECT status, count(*) FROM (" + LIBRARY + ") counted GROUP BY status"
VERSIONS = "SELECT id, version, state, frozen_at FROM content_contentversion WHERE slug = %s ORDER BY version DESC"
ENDING = """
SELECT id, valid_to FROM content_contentversion c
WHERE state = 'frozen' AND valid_to > %(now)s AND valid_to <= %(soon)s AND NOT EXISTS (
    SELECT FROM content_contentversion newer WHERE newer.slug = c.slug AND newer.version > c.version
        AND newer.state <> 'draft')
"""
LINKED = """
SELECT DISTINCT c.slug FROM content_contentversion c, jsonb_each(c.body) AS text (locale, words),
    jsonb_array_elements(coalesce(words->'links', '[]')) AS link
WHERE c.state = 'frozen' AND link->>'content_slug' = %s ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A content's draft, or its newest version that was released."""

    id: UUID
    slug: str
    version: int
    kind: str
    audience: str
    promotional: bool
    product: UUID | None
    de: str
    en: str | None
    valid_from: datetime
    valid_to: datetime | None
    frozen_at: datetime | None
    status: str

    def title(self, locale: str) -> str:
        return self.en if locale == "en" and self.en else self.de


def listing(
    cur: Cursor,
    now: datetime,
    *,
    kind: str | None = None,
    status: str | None = None,
    product: UUID | None = None,
    english: bool | None = None,
    words: str | None = None,
    limit: int = 200,
) -> list[Row]:
    wanted = {"kind": kind, "status": status, "product": product, "english": english, "words": words, "limit": limit}
    return [Row(*row) for row in cur.execute(LIBRARY + FILTER, {**_time(now), **wanted})]


def counts(cur: Cursor, now: datetime) -> dict[str, int]:
    return dict(cur.execute(COUNTS, _time(now)).fetchall())


def rows(cur: Cursor, ids: Iterable[UUID], now: datetime) -> dict[UUID, Row]:
    found = cur.execute(LIBRARY + "WHERE id = ANY(%(ids)s)", {**_time(now), "ids": list(ids)})
    return {row[0]: Row(*row) for row in found}


def versions(cur: Cursor, slug: str) -> list[tuple[UUID, int, str, datetime | None]]:
    return cur.execute(VERSIONS, (slug,)).fetchall()


def ending(cur: Cursor, now: datetime) -> list[tuple[UUID, datetime]]:
    """What is live and ends within the time in which one is warned, unless a newer version was released."""
    return cur.execute(ENDING, _time(now)).fetchall()


def linking(cur: Cursor, slug: str) -> list[str]:
    """Mails that lead to it."""
    return [name for (name,) in cur.execute(LINKED, (slug,))]


def _time(now: datetime) -> dict[str, datetime]:
    return {"now": now, "soon": now + SOON}
