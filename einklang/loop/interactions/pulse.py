"""How far the consumers were behind, minute by minute: what health looks like over time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from einklang.core.pg import Cursor
from einklang.loop.interactions import consumers

KEPT = timedelta(days=7)
KEEP = """
INSERT INTO interactions_pulse (consumer, at, behind, seconds, pos)
VALUES (%s, date_trunc('minute', %s::timestamptz), %s, %s, %s)
ON CONFLICT (consumer, at) DO UPDATE
SET behind = greatest(interactions_pulse.behind, excluded.behind),
    seconds = greatest(interactions_pulse.seconds, excluded.seconds),
    pos = greatest(interactions_pulse.pos, excluded.pos)
"""
FORGET = "DELETE FROM interactions_pulse WHERE at < %s"
READ = """
SELECT consumer, date_bin(%(every)s, at, %(since)s) AS bin, max(behind), max(seconds), max(pos)
FROM interactions_pulse WHERE at >= %(since)s GROUP BY 1, 2 ORDER BY 2, 1
"""


class Beat(NamedTuple):
    consumer: str
    at: datetime
    behind: int
    seconds: float
    pos: int | None = None  # how far it had come


def keep(cur: Cursor, now: datetime) -> None:
    """One row a minute and consumer; a week of them stays."""
    write(cur, [Beat(lag.name, now, lag.behind, lag.seconds, lag.pos) for lag in consumers.lag(cur, now)])
    cur.execute(FORGET, (now - KEPT,))


def write(cur: Cursor, beats: Sequence[Beat]) -> None:
    cur.executemany(KEEP, beats)


def read(cur: Cursor, since: datetime, every: timedelta) -> list[Beat]:
    """The worst of each span of time, oldest first."""
    return [Beat(*row) for row in cur.execute(READ, {"since": since, "every": every})]
