"""The log is read by consumers: a name, a checkpoint and a function over a batch of entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from einklang.core.pg import Cursor, notify
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry
from einklang.watch import trace

CHANNEL = "checkpoint"  # LISTEN checkpoint: a consumer went on
LANES = 64
CLAIM = """
SELECT lane_from, lane_to, pos FROM interactions_checkpoint
WHERE consumer = %s AND pos < %s AND lane_from <> ALL(%s) ORDER BY pos LIMIT 1 FOR UPDATE SKIP LOCKED
"""
LAG = """
SELECT c.consumer, min(c.pos), min(waiting.oldest), sum(CASE
    WHEN waiting.number < %(exact)s THEN waiting.number
    ELSE greatest(waiting.number, (%(head)s - c.pos) * (c.lane_to - c.lane_from + 1) / 64) END)::bigint
FROM interactions_checkpoint AS c, LATERAL (
    SELECT count(*) AS number, min(received_at) AS oldest FROM (
        SELECT received_at FROM interactions_log
        WHERE pos > c.pos AND pos <= %(head)s AND lane BETWEEN c.lane_from AND c.lane_to
        ORDER BY pos LIMIT %(exact)s
    ) AS next
) AS waiting
GROUP BY c.consumer ORDER BY c.consumer
"""
COUNTED = 10_000  # entries of a range that the lag counts one by one; beyond, it goes by positions


@dataclass(frozen=True)
class Consumer:
    """`fold` writes to this database only, in the transaction that moves the checkpoint."""

    name: str
    fold: Callable[[Cursor, list[Entry], datetime], None]
    follows: str | None = None  # never passes the checkpoint of this one


class Lag(NamedTuple):
    name: str
    pos: int
    head: int
    behind: int  # entries not yet read
    seconds: float  # since the oldest of them came in
    blocking_pid: int | None  # the writer whose open transaction holds readers back longest


class Range(NamedTuple):
    """Lanes that one worker at a time reads, and how far they have been read."""

    first: int
    last: int
    pos: int


def advance(cur: Cursor, consumer: Consumer, now: datetime, limit: int = 1000) -> int:
    """Reads the next entries of a free range of lanes, the one most behind first; how many. A range that has none says
    nothing about the others. The caller's transaction makes it count."""
    register(cur, consumer.name, now)
    until = log.safe_position(cur)
    tried: list[int] = []
    while claimed := _claim(cur, consumer.name, until, tried):
        if entries := advance_range(cur, consumer, claimed, until=until, now=now, limit=limit):
            return entries
        tried.append(claimed.first)
    return 0


def advance_range(cur: Cursor, consumer: Consumer, claimed: Range, *, until: int, now: datetime, limit: int) -> int:
    """`claimed` is locked by this transaction."""
    if consumer.follows:
        until = min(until, checkpoint(cur, consumer.follows, claimed))
    if until <= claimed.pos:
        return 0
    lanes = None if (claimed.first, claimed.last) == (0, LANES - 1) else (claimed.first, claimed.last)
    entries = log.read(cur, after=claimed.pos, until=until, limit=limit, lanes=lanes)
    if entries:
        consumer.fold(cur, entries, now)
        if trace.current():
            for entry in entries:
                trace.done(consumer.name, entry.id)
    _move(cur, consumer.name, claimed.first, entries[-1].pos if len(entries) == limit else until, now)
    return len(entries)


def checkpoint(cur: Cursor, name: str, lanes: Range | None = None) -> int:
    """Everything up to here was read by this consumer (in these lanes); 0 before it ever ran."""
    first, last = (lanes.first, lanes.last) if lanes else (0, LANES - 1)
    row = cur.execute(
        "SELECT min(pos) FROM interactions_checkpoint WHERE consumer = %s AND lane_from <= %s AND lane_to >= %s",
        (name, last, first),
    ).fetchone()
    return (row and row[0]) or 0


def names(cur: Cursor) -> list[str]:
    """Of those that have begun to read."""
    return [name for (name,) in cur.execute("SELECT DISTINCT consumer FROM interactions_checkpoint ORDER BY 1")]


def rewind(cur: Cursor, consumer: str, now: datetime) -> None:
    """Lets a consumer read the log from its beginning again."""
    cur.execute("UPDATE interactions_checkpoint SET pos = 0, moved_at = %s WHERE consumer = %s", (now, consumer))


def lag(cur: Cursor, now: datetime) -> list[Lag]:
    """Never dear, however long the way is. What a recognised browser did counts in the browser's lane."""
    head = log.safe_position(cur)
    pid = _blocking_pid(cur)
    rows = cur.execute(LAG, {"head": head, "exact": COUNTED}).fetchall()
    return [
        Lag(name, pos, head, behind, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0, pid)
        for name, pos, oldest, behind in rows
    ]


def _claim(cur: Cursor, name: str, until: int, tried: Sequence[int]) -> Range | None:
    row = cur.execute(CLAIM, (name, until, list(tried))).fetchone()
    return Range(*row) if row else None


def register(cur: Cursor, name: str, now: datetime) -> None:
    known = cur.execute("SELECT 1 FROM interactions_checkpoint WHERE consumer = %s LIMIT 1", (name,)).fetchone()
    if known is None:
        cur.execute(
            "INSERT INTO interactions_checkpoint (consumer, lane_from, lane_to, pos, moved_at) "
            "VALUES (%s, 0, %s, 0, %s) ON CONFLICT DO NOTHING",
            (name, LANES - 1, now),
        )


def _move(cur: Cursor, name: str, lane_from: int, pos: int, now: datetime) -> None:
    cur.execute(
        "UPDATE interactions_checkpoint SET pos = %s, moved_at = %s WHERE consumer = %s AND lane_from = %s",
        (pos, now, name, lane_from),
    )
    notify(cur, CHANNEL, name)


def _blocking_pid(cur: Cursor) -> int | None:
    row = cur.execute(f"SELECT pid {log.ANNOUNCED} ORDER BY {log.POSITION} LIMIT 1").fetchone()
    return row[0] if row else None
