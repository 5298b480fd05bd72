"""Content versions in bulk, one query each. What people get comes from `live` and `listing` only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import references
from einklang.facts.content.blocks import MAIN_LOCALE

PLAIN = """id, slug, version, kind, promotional, rx, audience, market, authorisation_id, smpc_version,
    mandatory_text_id, topics, indications, {words},
    CASE WHEN state = 'frozen' AND review = 'withheld' THEN review ELSE state END, valid_from, valid_to, frozen_at,
    sha256, review, review_smpc"""
COLUMNS = PLAIN.format(words="body, assets")
WORDS = "SELECT id, body, assets FROM content_contentversion WHERE id = ANY(%s)"
VERSIONS = f"SELECT {COLUMNS} FROM content_contentversion WHERE id = ANY(%s)"
VALID = f"""
SELECT DISTINCT ON (slug) {COLUMNS} FROM content_contentversion
WHERE state = 'frozen' AND review <> 'withheld' AND valid_from <= %(now)s AND (valid_to IS NULL OR valid_to > %(now)s)
"""
LIVE = VALID + "AND slug = ANY(%(slugs)s) ORDER BY slug, version DESC"
LISTING = (
    VALID.replace(COLUMNS, PLAIN.format(words="NULL, NULL"))
    + """AND market = %(market)s AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))
ORDER BY slug, version DESC"""
)
WORDS_AT = 13  # the place of body and assets in a Version
KEPT = 2_000
Words = tuple[dict[str, Any], dict[str, Any]]
_kept: dict[UUID, Words] = {}


@dataclass(frozen=True, slots=True)
class Version:
    id: UUID
    slug: str
    version: int
    kind: str
    promotional: bool
    rx: bool
    audience: str
    market: str
    authorisation: UUID | None
    smpc_version: int | None
    mandatory_text: UUID | None
    topics: Sequence[str]
    indications: Sequence[str]
    body: dict[str, dict[str, Any]]
    assets: dict[str, Any]
    state: str  # draft, frozen, withheld, withdrawn
    valid_from: datetime
    valid_to: datetime | None
    frozen_at: datetime | None
    sha256: str
    review: str = ""
    review_smpc: int | None = None

    def text(self, locale: str) -> dict[str, Any]:
        """What people read; `references` are plain lines."""
        words = self.body.get(locale) or self.body[MAIN_LOCALE]
        return {**words, "references": references.lines(words, locale)} if "references" in words else words

    def title(self, locale: str) -> str:
        words = self.text(locale)
        return str(words.get("title") or words.get("subject") or self.slug)

    def valid(self, now: datetime) -> bool:
        return self.state == "frozen" and self.valid_from <= now and (self.valid_to is None or self.valid_to > now)


def versions(cur: Cursor, ids: Iterable[UUID]) -> dict[UUID, Version]:
    """In whatever state they are."""
    return {each.id: each for each in _read(cur, VERSIONS, (list(ids),))}


def live(cur: Cursor, slugs: Iterable[str], now: datetime) -> dict[str, Version]:
    """The newest frozen version that is valid now; a slug without one is missing."""
    return {each.slug: each for each in _read(cur, LIVE, {"slugs": list(slugs), "now": now})}


def listing(cur: Cursor, *, now: datetime, kinds: Iterable[str] | None = None, market: str = "DE") -> list[Version]:
    """Live versions, the newest first."""
    wanted = None if kinds is None else list(kinds)
    rows = cur.execute(LISTING, {"now": now, "kinds": wanted, "market": market}).fetchall()
    words = _words(cur, [row[0] for row in rows])
    found = [Version(*(*row[:WORDS_AT], *words[row[0]], *row[WORDS_AT + 2 :])) for row in rows]
    return sorted(found, key=lambda each: (each.valid_from, each.slug), reverse=True)


def _words(cur: Cursor, ids: Sequence[UUID]) -> dict[UUID, Words]:
    """Of frozen versions, whose words never change again: each is read once in the life of the process."""
    if missing := [each for each in ids if each not in _kept]:
        if len(_kept) + len(missing) > KEPT:
            _kept.clear()
            missing = list(ids)
        _kept.update((each, (body, assets)) for each, body, assets in cur.execute(WORDS, (missing,)))
    return _kept


def _read(cur: Cursor, query: str, values: Any) -> list[Version]:
    return [Version(*row) for row in cur.execute(query, values).fetchall()]
