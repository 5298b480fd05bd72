"""What the log cannot account for; nothing in a house that is whole. Months that were set aside are read as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import partitions
from einklang.loop.interactions.horizon import HORIZON

BATCH = 5_000
LOG = "interactions_log"
UNLINKED = "person IS NULL AND anonymous IS NULL AND source_id = id::text"  # of somebody who was erased
TWICE = """
SELECT source, source_id FROM ({log}) AS log GROUP BY source, source_id HAVING count(*) > 1 ORDER BY 1, 2
"""
WITHOUT_KEY = f"""
SELECT id FROM ({{log}}) AS log WHERE received_at >= %s AND NOT ({UNLINKED}) AND NOT EXISTS (
    SELECT FROM interactions_key AS key WHERE (key.source, key.source_id) = (log.source, log.source_id)
) ORDER BY pos
"""
# What was added up by month and then forgotten leaves its keys behind for some days.
WITHOUT_ENTRY = """
SELECT source, source_id FROM interactions_key AS key
WHERE day > coalesce((SELECT max(month) + 62 FROM interactions_month), '-infinity') AND NOT EXISTS (
    SELECT FROM ({log}) AS log WHERE (key.source, key.source_id) = (log.source, log.source_id)
) ORDER BY 1, 2
"""
ERASED = f"SELECT source, count(*) FROM ({{log}}) AS log WHERE {UNLINKED} GROUP BY source"
KEYS = "SELECT source_id FROM interactions_key WHERE source = %s AND source_id > %s ORDER BY source_id LIMIT %s"
KNOWN = "SELECT source_id FROM interactions_key WHERE source = %s AND source_id = ANY(%s)"
PERSONS = """
SELECT DISTINCT person FROM interactions_log
WHERE person IS NOT NULL AND (%(after)s::uuid IS NULL OR person > %(after)s) ORDER BY person LIMIT %(limit)s
"""
FORGOTTEN = "SELECT max(month) FROM interactions_month"


def told_twice(cur: Cursor) -> Iterator[str]:
    """What one source told once and the log has more than once: source and source id."""
    for source, source_id in _rows(cur, TWICE):
        yield f"{source} {source_id}"


def without_key(cur: Cursor, now: datetime) -> Iterator[UUID]:
    """Entries that would be written again if they were told again."""
    for (entry,) in _rows(cur, WITHOUT_KEY, (now - HORIZON + timedelta(days=1),)):
        yield entry


def without_entry(cur: Cursor) -> Iterator[str]:
    """Keys of what was accepted and is not there. Each that a person's erasure unlinked accounts for one."""
    erased: Counter[str] = Counter(dict(_rows(cur, ERASED)))
    for source, source_id in _rows(cur, WITHOUT_ENTRY):
        erased[source] -= 1
        if erased[source] < 0:
            yield f"{source} {source_id}"


def recorded(cur: Cursor, source: str) -> Iterator[list[str]]:
    """All that a source told, in batches of source ids; as far back as keys are kept."""
    after = ""
    while batch := [source_id for (source_id,) in cur.execute(KEYS, (source, after, BATCH)).fetchall()]:
        yield batch
        after = batch[-1]


def known(cur: Cursor, source: str, source_ids: Collection[str]) -> set[str]:
    """Those of them that were recorded."""
    return {source_id for (source_id,) in cur.execute(KNOWN, (source, list(source_ids)))}


def persons(cur: Cursor, limit: int) -> Iterator[list[UUID]]:
    """All of whom the log has something, in batches."""
    after: UUID | None = None
    while batch := [one for (one,) in cur.execute(PERSONS, {"after": after, "limit": limit}).fetchall()]:
        yield batch
        after = batch[-1]


def forgotten_until(cur: Cursor) -> date | None:
    """The last month of which something was added up and forgotten."""
    row = cur.execute(FORGOTTEN).fetchone()
    return row[0] if row else None


def _rows(cur: Cursor, query: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    columns = "SELECT pos, id, source, source_id, person, anonymous, received_at FROM"
    everywhere = " UNION ALL ".join(f"{columns} {table}" for table in (LOG, *partitions.aside(cur)))
    return cur.execute(query.format(log=everywhere), values).fetchall()
