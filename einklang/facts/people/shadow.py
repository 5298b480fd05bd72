"""Tables of a session's own that stand before the real ones: what is tried there touches nothing and nobody.

A temporary table hides the table of the same name from all SQL of its session, so the very same code works on the
copy. Each room covers its own tables; a session that covers some does nothing else any more.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor

COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
"""
LIKE = "INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY INCLUDING INDEXES"


def cover(cur: Cursor, table: str, rows: str = "false", values: Collection[Any] = ()) -> None:
    """A copy with those rows that meet the condition; none without one."""
    row = cur.execute(COLUMNS, (f"public.{table}",)).fetchone()
    columns = row[0] if row else ""
    cur.execute(f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} {LIKE})")
    cur.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM public.{table} WHERE {rows}", tuple(values))
    cur.execute(f"ANALYZE {table}")


def cover_people(cur: Cursor, persons: Collection[UUID]) -> None:
    cover(cur, "people_lock", "person = ANY(%s)", [list(persons)])
    cover(cur, "people_origin", "person_id = ANY(%s)", [list(persons)])
