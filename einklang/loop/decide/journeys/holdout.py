"""How many of a hundred people no promotional journey of the house takes along. Every setting stays on record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words

MOST = 50
NEWEST = "SELECT percent FROM decide_holdout ORDER BY id DESC LIMIT 1"
SET = "INSERT INTO decide_holdout (percent, set_at, set_by_id) VALUES (%s, %s, %s)"
WRONG = Words(f"Möglich sind 0 bis {MOST} Prozent.", f"Possible are 0 to {MOST} percent.")


def percent(cur: Cursor) -> int:
    row = cur.execute(NEWEST).fetchone()
    return row[0] if row else 0


def change(cur: Cursor, wanted: int, by: UUID, now: datetime) -> int:
    """What it was before. Who is underway stays underway; who comes in from now on is drawn anew."""
    if not 0 <= wanted <= MOST:
        raise InputError("percent", WRONG)
    before = percent(cur)
    if wanted != before:
        cur.execute(SET, (wanted, now, by))
    return before
