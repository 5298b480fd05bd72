"""Months of the log: made ahead, set aside when they are old, taken back when somebody asks for them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import LiteralString, NamedTuple

import psycopg
from psycopg import sql

from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Connection, Cursor
from einklang.loop.interactions.horizon import HORIZON

AHEAD_MONTHS = 2
SHORT_LOCK = "SET lock_timeout = '300ms'"  # whoever comes behind a lock that is waited for waits as well
PAUSE_SECONDS = 0.3
PATIENCE_SECONDS = 120.0
LIST = """
SELECT c.relname, c.reltuples::bigint, pg_total_relation_size(c.oid),
       CASE WHEN i.inhrelid IS NULL THEN 'aside' WHEN i.inhdetachpending THEN 'leaving' ELSE 'attached' END
FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid AND i.inhparent = 'interactions_log'::regclass
WHERE c.relkind = 'r' AND c.relname ~ '^interactions_log_[0-9]{6}$' AND c.relnamespace = current_schema()::regnamespace
ORDER BY 1
"""
# Leaves a CHECK constraint with the month's bounds behind, so that coming back needs no look at the rows.
DETACH = "ALTER TABLE interactions_log DETACH PARTITION {part} CONCURRENTLY"
FINALIZE = "ALTER TABLE interactions_log DETACH PARTITION {part} FINALIZE"
BOUND = """
ALTER TABLE {part} ADD CONSTRAINT month CHECK (
    received_at IS NOT NULL AND received_at >= {since} AND received_at < {until}) NOT VALID
"""
VALIDATE = "ALTER TABLE {part} VALIDATE CONSTRAINT month"
ATTACH = "ALTER TABLE interactions_log ATTACH PARTITION {part} FOR VALUES FROM ({since}) TO ({until})"


class Part(NamedTuple):
    name: str
    rows: int  # as last counted by ANALYZE
    bytes: int
    state: str  # attached, aside, leaving (setting aside was interrupted)

    @property
    def month(self) -> date:
        return date(int(self.name[-6:-2]), int(self.name[-2:]), 1)


def parts(cur: Cursor) -> list[Part]:
    return [Part(*row) for row in cur.execute(LIST)]


def aside(cur: Cursor) -> list[str]:
    """Tables of months that readers do not see; what the law asks for reaches them all the same."""
    return [each.name for each in parts(cur) if each.state != "attached"]


def detach(connection: Connection, month: date, now: datetime) -> None:
    """Sets a month aside that nothing looks at any more, while others read and write. `connection` is in autocommit."""
    part = _part(connection, month)
    if part.state == "aside":
        raise Conflict(f"{month:%Y-%m} is already set aside.")
    if month_of(now - HORIZON) <= month:
        days = HORIZON.days
        raise InputError("month", f"{month:%Y-%m} is younger than {days} days.", "Limits and journeys still read it.")
    _check_read(connection.cursor(), part)
    _patiently(connection, FINALIZE if part.state == "leaving" else DETACH, part)


def attach(connection: Connection, month: date) -> None:
    """Takes a month back. Its bounds are checked before, with a lock that only whoever uses the month alone notices."""
    part = _part(connection, month)
    if part.state == "attached":
        raise Conflict(f"{month:%Y-%m} is attached.")
    if part.state == "leaving":
        _patiently(connection, FINALIZE, part)
    for statement in (BOUND, VALIDATE, ATTACH):
        _patiently(connection, statement, part)


def ensure(cur: Cursor, moments: Iterable[datetime]) -> None:
    """The months (UTC) in which these moments lie can take rows. Cheap where they already can."""
    for month in months(moments):
        cur.execute("SELECT interactions_attach(%s)", (month,))


def ensure_ahead(cur: Cursor, now: datetime) -> None:
    month = month_of(now)
    for _ in range(AHEAD_MONTHS + 1):
        cur.execute("SELECT interactions_attach(%s)", (month,))
        month = _next(month)


def ahead(cur: Cursor, now: datetime) -> int:
    """How many months after this one can take rows already."""
    this = month_of(now)
    return sum(each.state == "attached" and each.month > this for each in parts(cur))


def months(moments: Iterable[datetime]) -> list[date]:
    """Their first days (UTC), in order."""
    return sorted({month_of(moment) for moment in moments})


def month_of(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day.replace(day=1)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _part(connection: Connection, month: date) -> Part:
    for each in parts(connection.cursor()):
        if each.month == month:
            return each
    raise NotFound(f"The log has no month {month:%Y-%m}.")


def _check_read(cur: Cursor, part: Part) -> None:
    """A consumer that has not come that far would miss what it never saw."""
    unread = sql.SQL("SELECT count(*) FROM interactions_checkpoint WHERE pos < (SELECT max(pos) FROM {})")
    row = cur.execute(unread.format(sql.Identifier(part.name))).fetchone()
    if row and row[0]:
        raise Conflict(f"{part.month:%Y-%m} is still being read. Try again when no consumer is behind.")


def _patiently(connection: Connection, statement: LiteralString, part: Part) -> None:
    """Never asks for a lock longer than a moment, but asks again."""
    values = {"part": sql.Identifier(part.name), "since": _bound(part.month), "until": _bound(_next(part.month))}
    deadline = time.monotonic() + PATIENCE_SECONDS
    connection.execute(SHORT_LOCK)
    while time.monotonic() < deadline:
        try:
            connection.execute(sql.SQL(statement).format(**values))
        except psycopg.errors.LockNotAvailable:
            if statement == DETACH and _part(connection, part.month).state == "leaving":
                statement = FINALIZE
            time.sleep(PAUSE_SECONDS)
        except psycopg.errors.DuplicateObject:
            return  # the bounds are known from the last time
        else:
            return
    raise Conflict(f"{part.month:%Y-%m} is in use by a long transaction. Try again later.")


def _bound(month: date) -> sql.Composable:
    return sql.Literal(datetime(month.year, month.month, 1, tzinfo=UTC))
