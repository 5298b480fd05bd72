"""Walks all chains and names the first entry that is not what was once written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.audit import checks
from einklang.facts.audit.checks import Walked
from einklang.facts.consent import chain
from einklang.facts.consent.chain import Evidence, Link

LINKS = ", ".join(f"e.{column.name}" for column in fields(Link))
ENTRIES = f"""
SELECT {LINKS}, e.sha256, w.text, v.salt, v.plain
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
WHERE (e.subject, e.position) > (%s, %s) ORDER BY e.subject, e.position LIMIT %s
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


Reached = tuple[str, int, str]  # subject, position and digest of the last entry that was walked
START: Reached = ("", 0, chain.START)


@dataclass(frozen=True, slots=True)
class Broken:
    """`entry` is None where a whole chain is gone; `position` 0 then."""

    subject: str
    entry: UUID | None
    position: int
    why: str


def verify(cur: Cursor) -> Broken | None:
    """By subject and position; then whether ends were cut off; then the folded status."""
    broken = next(_breaks(cur.execute(ENTRIES, (*START[:2], None)), START), None)
    return broken or _cut_off(cur) or _not_current(cur)


def walk(cur: Cursor, place: checks.Place, limit: int) -> Walked:
    """The same in pieces: all entries, then the ends, then the folded status."""
    if last := place.get("last"):
        broken = LAST[last](cur)
        following = {"last": "status"} if last == "ends" else None
        return Walked(following, 0, _told(broken))
    start: Reached = (place.get("subject", ""), place.get("position", 0), place.get("sha256", chain.START))
    rows = cur.execute(ENTRIES, (*start[:2], limit)).fetchall()
    broken = next(_breaks(rows, start), None)
    if len(rows) < limit:
        return Walked({"last": "ends"}, len(rows), _told(broken))
    link = Link(*rows[-1][: len(fields(Link))])
    reached = {"subject": link.subject, "position": link.position, "sha256": rows[-1][len(fields(Link))]}
    return Walked(reached, len(rows), _told(broken))


def _cut_off(cur: Cursor) -> Broken | None:
    return _first(cur, CUT_OFF, "the end of the chain is missing")


def _not_current(cur: Cursor) -> Broken | None:
    return _first(cur, NOT_CURRENT, "the current status differs from the ledger")


LAST = {"ends": _cut_off, "status": _not_current}


def _told(broken: Broken | None) -> dict[str, Any] | None:
    if broken is None:
        return None
    return {"entry": str(broken.entry or ""), "position": broken.position, "why": broken.why}


def _breaks(rows: Iterable[tuple[Any, ...]], reached: Reached) -> Iterator[Broken]:
    subject, position, previous = reached
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
