"""The log is read by consumers: a name, a checkpoint and a function over a batch of entries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from einklang.core.pg import Cursor, notify
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry

CHANNEL = "checkpoint"  # LISTEN checkpoint: a consumer went on


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


def advance(cur: Cursor, consumer: Consumer, now: datetime, limit: int = 1000) -> int:
    """Reads the next entries of one free lane range; how many. The caller's transaction makes it count."""
    _register(cur, consumer.name, now)
    claimed = cur.execute(
        "SELECT lane_from, lane_to, pos FROM interactions_checkpoint WHERE consumer = %s "
        "ORDER BY pos LIMIT 1 FOR UPDATE SKIP LOCKED",
        (consumer.name,),
    ).fetchone()
    if claimed is None:
        return 0
    lane_from, lane_to, pos = claimed
    until = log.safe_position(cur)
    if consumer.follows:
        until = min(until, checkpoint(cur, consumer.follows))
    if until <= pos:
        return 0
    entries = log.read(cur, after=pos, until=until, limit=limit, lanes=_narrowed(lane_from, lane_to))
    if entries:
        consumer.fold(cur, entries, now)
    _move(cur, consumer.name, lane_from, entries[-1].pos if len(entries) == limit else until, now)
    return len(entries)


def checkpoint(cur: Cursor, name: str) -> int:
    """Everything up to here was read by this consumer; 0 before it ever ran."""
    row = cur.execute("SELECT min(pos) FROM interactions_checkpoint WHERE consumer = %s", (name,)).fetchone()
    return (row and row[0]) or 0


def split(cur: Cursor, consumer: str, ranges: int, now: datetime) -> None:
    """Lets so many workers share a consumer that stands still. Each range starts where the slowest of them stood."""
    pos = checkpoint(cur, consumer)
    cur.execute("DELETE FROM interactions_checkpoint WHERE consumer = %s", (consumer,))
    bounds = [64 * each // ranges for each in range(ranges + 1)]
    cur.execute(
        "INSERT INTO interactions_checkpoint (consumer, lane_from, lane_to, pos, moved_at) "
        "SELECT %s, lane_from, lane_to, %s, %s FROM unnest(%s::smallint[], %s::smallint[]) AS t (lane_from, lane_to)",
        (consumer, pos, now, bounds[:-1], [bound - 1 for bound in bounds[1:]]),
    )


def rewind(cur: Cursor, consumer: str, now: datetime) -> None:
    """Lets a consumer read the log from its beginning again."""
    cur.execute("UPDATE interactions_checkpoint SET pos = 0, moved_at = %s WHERE consumer = %s", (now, consumer))


def lag(cur: Cursor, now: datetime) -> list[Lag]:
    head = log.safe_position(cur)
    pid = _blocking_pid(cur)
    rows = cur.execute("SELECT consumer, min(pos) FROM interactions_checkpoint GROUP BY consumer ORDER BY consumer")
    return [_lag(cur, name, pos, head=head, now=now, pid=pid) for name, pos in rows.fetchall()]


def _lag(cur: Cursor, name: str, pos: int, *, head: int, now: datetime, pid: int | None) -> Lag:
    waiting = cur.execute(
        "SELECT count(*), min(received_at) FROM interactions_log WHERE pos > %s AND pos <= %s", (pos, head)
    ).fetchone()
    assert waiting is not None
    behind, oldest = waiting
    seconds = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
    return Lag(name, pos, head, behind, seconds, pid)


def _register(cur: Cursor, name: str, now: datetime) -> None:
    known = cur.execute("SELECT 1 FROM interactions_checkpoint WHERE consumer = %s LIMIT 1", (name,)).fetchone()
    if known is None:
        cur.execute(
            "INSERT INTO interactions_checkpoint (consumer, lane_from, lane_to, pos, moved_at) "
            "VALUES (%s, 0, 63, 0, %s) ON CONFLICT DO NOTHING",
            (name, now),
        )


def _narrowed(lane_from: int, lane_to: int) -> tuple[int, int] | None:
    return None if (lane_from, lane_to) == (0, 63) else (lane_from, lane_to)


def _move(cur: Cursor, name: str, lane_from: int, pos: int, now: datetime) -> None:
    cur.execute(
        "UPDATE interactions_checkpoint SET pos = %s, moved_at = %s WHERE consumer = %s AND lane_from = %s",
        (pos, now, name, lane_from),
    )
    notify(cur, CHANNEL, name)


def _blocking_pid(cur: Cursor) -> int | None:
    row = cur.execute(f"SELECT pid {log.ANNOUNCED} ORDER BY {log.POSITION} LIMIT 1").fetchone()
    return row[0] if row else None
