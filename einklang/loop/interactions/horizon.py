"""How long the same event, told again, is recognised as the same."""

from __future__ import annotations

from datetime import datetime, timedelta

from einklang.core.pg import Cursor

HORIZON = timedelta(days=400)  # a year's history may be imported twice; the intake takes events of the last 30 days


def forget(cur: Cursor, now: datetime) -> int:
    """Drops the keys of older events. Run daily."""
    return cur.execute("DELETE FROM interactions_key WHERE day < %s", ((now - HORIZON).date(),)).rowcount
