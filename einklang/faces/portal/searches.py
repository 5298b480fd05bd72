"""What a reader searched for last: hers to see again and to delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor

KEPT, SHOWN = 20, 4
LONGEST = 100

LAST = "SELECT text FROM portal_search WHERE person_id = %s ORDER BY at DESC LIMIT %s"
REMEMBER = """
INSERT INTO portal_search (id, person_id, text, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (person_id, text) DO UPDATE SET at = excluded.at
"""
TRIM = """
DELETE FROM portal_search WHERE person_id = %(person)s AND id NOT IN (
    SELECT id FROM portal_search WHERE person_id = %(person)s ORDER BY at DESC LIMIT %(kept)s)
"""
FORGET = "DELETE FROM portal_search WHERE person_id = ANY(%s)"


def last(cur: Cursor, person: UUID, limit: int = SHOWN) -> list[str]:
    return [text for (text,) in cur.execute(LAST, (person, limit))]


def remember(cur: Cursor, person: UUID, text: str, now: datetime) -> None:
    cur.execute(REMEMBER, (ids.new(), person, text[:LONGEST], now))
    cur.execute(TRIM, {"person": person, "kept": KEPT})


def forget(cur: Cursor, persons: Sequence[UUID]) -> None:
    cur.execute(FORGET, (list(persons),))
