"""Places in the log, for whoever carries it from one database to another."""

from __future__ import annotations

from einklang.core.pg import Cursor
from einklang.loop.interactions import log

AHEAD = 1_000_000_000
REACH = "SELECT max(pos) FROM (SELECT pos FROM interactions_log WHERE pos > %s ORDER BY pos LIMIT %s) AS next"
SET = "SELECT setval('interactions_pos', %s)"


def last(cur: Cursor) -> int:
    """The highest that was ever given out."""
    row = cur.execute(log.LAST_TAKEN).fetchone()
    return int(row[0]) if row else 0


def reach(cur: Cursor, after: int, entries: int) -> int:
    """Where so many entries more have been read; how far apart places are says nothing about it."""
    return int((cur.execute(REACH, (after, entries)).fetchone() or (None,))[0] or after)


def move_ahead(cur: Cursor, seen: int = 0) -> int:
    """After a restore. `seen` is the highest that anybody knows of: what readers outside have read since the backup
    stands behind all that is written from now on, and no place means two entries."""
    return int((cur.execute(SET, (max(last(cur), seen) + AHEAD,)).fetchone() or (0,))[0])
