"""From where the house knows a person. Who comes from a list of others is told so within a month, at the latest with
the first contact (Art. 14 GDPR, EU-DP-05)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.rows import Record, Table

ORIGIN = Table(
    "people_origin",
    {
        "person_id": "uuid",
        "source": "text",
        "batch": "uuid",
        "obtained_at": "timestamptz",
        "notice_due": "timestamptz",
        "notice_given_at": "timestamptz",
    },
    key="person_id",
)
OWED = """
SELECT person_id, source, obtained_at, notice_due FROM people_origin
WHERE person_id = ANY(%s) AND notice_due IS NOT NULL AND notice_given_at IS NULL
"""
GIVEN = """
UPDATE people_origin SET notice_given_at = %s
WHERE person_id = ANY(%s) AND notice_due IS NOT NULL AND notice_given_at IS NULL RETURNING person_id
"""
FROM_OTHERS = """
SELECT person_id, source, obtained_at FROM people_origin WHERE person_id = ANY(%s) AND notice_due IS NOT NULL
"""
OVERDUE = """
SELECT count(*) FILTER (WHERE notice_due <= %(now)s), count(*) FROM people_origin
WHERE notice_due IS NOT NULL AND notice_given_at IS NULL AND (%(batch)s::uuid IS NULL OR batch = %(batch)s)
"""
OF_BATCH = "SELECT person_id FROM people_origin WHERE batch = %s AND notice_due IS NOT NULL AND notice_given_at IS NULL"


class Owed(NamedTuple):
    source: str
    obtained_at: datetime
    due: datetime


class Source(NamedTuple):
    name: str
    obtained_at: datetime


def came(person: UUID, source: str, batch: UUID, now: datetime, *, third_party: bool) -> Record:
    return {
        "person_id": person,
        "source": source,
        "batch": batch,
        "obtained_at": now,
        "notice_due": _month_later(now) if third_party else None,
        "notice_given_at": None,
    }


def owed(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, Owed]:
    """Who has not been told yet."""
    return {person: Owed(*rest) for person, *rest in cur.execute(OWED, (list(persons),)).fetchall()}


def from_others(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, Source]:
    """Whose data came from others, told or not."""
    return {person: Source(*rest) for person, *rest in cur.execute(FROM_OTHERS, (list(persons),)).fetchall()}


def given(cur: Cursor, persons: Iterable[UUID], now: datetime) -> set[UUID]:
    return {person for (person,) in cur.execute(GIVEN, (now, list(persons))).fetchall()}


def counts(cur: Cursor, now: datetime, batch: UUID | None = None) -> tuple[int, int]:
    """How many notices are overdue, and how many are owed at all."""
    row = cur.execute(OVERDUE, {"now": now, "batch": batch}).fetchone()
    return (row[0], row[1]) if row else (0, 0)


def of_batch(cur: Cursor, batch: UUID) -> list[UUID]:
    """Who came by this import and has not been told yet."""
    return [person for (person,) in cur.execute(OF_BATCH, (batch,)).fetchall()]


def _month_later(moment: datetime) -> datetime:
    """The same day of the next month, or its last."""
    year, month = divmod(moment.year * 12 + moment.month, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
