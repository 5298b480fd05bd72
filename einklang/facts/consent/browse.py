"""The ledger for people who look after it: where each permission stands, with its evidence, page after page."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from einklang.core.pg import Cursor

COLUMNS = """
SELECT e.id, c.person, e.permission, e.channel, e.state, e.grade, e.at, e.source, e.locale, w.version, w.text, v.plain,
       e.position, e.sha256
"""
CURRENT = (
    COLUMNS
    + """
FROM consent_current c JOIN consent_entry e ON e.id = c.entry
LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
WHERE c.person IS NOT NULL AND {where} ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s
"""
)
HISTORY = (
    COLUMNS.replace("c.person", "%(person)s::uuid")
    + """
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
WHERE e.subject = 'person:' || %(person)s::text ORDER BY e.position DESC
"""
)
FILTERS = {
    "permission": "c.permission = %(permission)s",
    "state": "c.state = %(state)s",
    "persons": "c.person = ANY(%(persons)s)",
    "since": "c.since >= %(since)s",
    "before": "c.since < %(before)s",
    "entry": "e.id = %(entry)s",
    "beyond": "(e.at, e.id) < (SELECT at, id FROM consent_entry WHERE id = %(beyond)s)",
}
TOTALS = "SELECT permission, state, count(*) FROM consent_current WHERE person IS NOT NULL GROUP BY permission, state"
LENGTH = "SELECT count(*), count(DISTINCT subject) FROM consent_entry"


class Line(NamedTuple):
    """An entry of the ledger. `evidence` is None once it was erased; its digest stays."""

    entry: UUID
    person: UUID
    permission: str
    channel: str
    state: str
    grade: str | None
    at: datetime
    source: str
    locale: str
    wording: int | None
    text: str | None
    evidence: dict[str, Any] | None
    position: int
    sha256: str


def listing(cur: Cursor, *, limit: int, **wanted: Any) -> list[Line]:
    """Where permissions stand now, newest first; `wanted` are FILTERS."""
    where, values = _condition(wanted)
    return [_line(row) for row in cur.execute(CURRENT.format(where=where), {**values, "limit": limit})]


def total(cur: Cursor, **wanted: Any) -> int:
    where, values = _condition(wanted)
    query = (
        "SELECT count(*) FROM consent_current c JOIN consent_entry e ON e.id = c.entry "
        f"WHERE c.person IS NOT NULL AND {where}"
    )
    row = cur.execute(query, values).fetchone()
    return int(row[0]) if row else 0


def history(cur: Cursor, person: UUID) -> list[Line]:
    """Everything that a person ever said, newest first."""
    return [_line(row) for row in cur.execute(HISTORY, {"person": person})]


def totals(cur: Cursor) -> dict[str, dict[str, int]]:
    """Permission → state → number of people."""
    found: dict[str, dict[str, int]] = {}
    for permission, state, number in cur.execute(TOTALS):
        found.setdefault(permission, {})[state] = number
    return found


def length(cur: Cursor) -> tuple[int, int]:
    """Entries, and chains that they stand in."""
    row = cur.execute(LENGTH).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def _line(row: tuple[Any, ...]) -> Line:
    *before, plain, position, sha256 = row
    row = (*before, None if plain is None else orjson.loads(plain), position, sha256)
    return Line._make(row)


def _condition(wanted: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    values = {name: value for name, value in wanted.items() if value is not None}
    return " AND ".join(FILTERS[name] for name in values) or "true", values
