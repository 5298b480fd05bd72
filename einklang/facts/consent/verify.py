"""Walks all chains and names the first entry that is not what was once written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.consent import chain
from einklang.facts.consent.chain import Evidence, Link

LINKS = ", ".join(f"e.{column.name}" for column in fields(Link))
ENTRIES = f"""
SELECT {LINKS}, e.sha256, w.text, v.salt, v.plain
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
ORDER BY e.subject, e.position
"""
CUT_OFF = """
WITH last AS (
    SELECT DISTINCT ON (subject) subject, id, position, sha256 FROM consent_entry ORDER BY subject, position DESC
)
SELECT subject, last.id, coalesce(last.position, 0)
FROM last FULL JOIN consent_head h USING (subject)
WHERE (coalesce(last.position, 0), coalesce(last.sha256, '')) IS DISTINCT FROM (h.position, h.sha256)
ORDER BY subject LIMIT 1
"""
NOT_CURRENT = """
WITH last AS (
    SELECT DISTINCT ON (subject, legal_entity, permission, product)
           subject, legal_entity, permission, product, position, (state, grade, at, id) AS said, id
    FROM consent_entry ORDER BY subject, legal_entity, permission, product, position DESC
), folded AS (
    SELECT coalesce('person:' || person, 'anonymous:' || anonymous) AS subject,
           legal_entity, permission, product, state, grade, since, entry
    FROM consent_current
)
SELECT coalesce(last.subject, c.subject), coalesce(last.id, c.entry), coalesce(last.position, 0)
FROM last FULL JOIN folded c
  ON (last.subject, last.legal_entity, last.permission) = (c.subject, c.legal_entity, c.permission)
 AND coalesce(last.product::text, '') = coalesce(c.product::text, '')
WHERE last.id IS NULL OR c.entry IS NULL
   OR (last.said) IS DISTINCT FROM (c.state, c.grade, c.since, c.entry)
ORDER BY 1, 3 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """`entry` is None where a whole chain is gone; `position` 0 then."""

    subject: str
    entry: UUID | None
    position: int
    why: str


def verify(cur: Cursor) -> Broken | None:
    """By subject and position; then whether ends were cut off; then the folded status."""
    broken = next(_breaks(cur.execute(ENTRIES)), None)
    return (
        broken
        or _first(cur, CUT_OFF, "the end of the chain is missing")
        or _first(cur, NOT_CURRENT, "the current status differs from the ledger")
    )


def _breaks(rows: Iterable[tuple[Any, ...]]) -> Iterator[Broken]:
    subject, position, previous = "", 0, chain.START
    for row in rows:
        link, (sha256, text, salt, plain) = Link(*row[: len(fields(Link))]), row[len(fields(Link)) :]
        if link.subject != subject:
            subject, position, previous = link.subject, 0, chain.START
        if why := _why(link, sha256, previous, position + 1) or _why_not_proven(link, text, salt, plain):
            yield Broken(link.subject, link.id, link.position, why)
        position, previous = link.position, sha256


def _why(link: Link, sha256: str, previous: str, position: int) -> str:
    if link.position != position:
        return "the entry before it is missing"
    if link.previous != previous:
        return "it does not continue the entry before it"
    return "" if chain.sha256(link) == sha256 else "its content was changed"


def _why_not_proven(link: Link, text: str | None, salt: bytes | None, plain: str | None) -> str:
    if link.wording and (text is None or ids.digest(text.encode()) != link.wording_sha256):
        return "its wording was changed"
    if salt is not None and plain is not None and Evidence(bytes(salt), plain).sha256 != link.evidence_sha256:
        return "its evidence was changed"
    return ""


def _first(cur: Cursor, query: str, why: str) -> Broken | None:
    row = cur.execute(query).fetchone()
    return Broken(row[0], row[1], row[2], why) if row else None
