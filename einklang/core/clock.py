"""The only reader of the system clock. A demo moves its time by an offset that every process reads at each call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from einklang.core import settings
from einklang.core.errors import SettingsError
from einklang.core.pg import Cursor, notify

ZONE = ZoneInfo("Europe/Berlin")  # whose days and months count


def real_now() -> datetime:
    """For sessions, tokens and retries, which no demo moves."""
    return datetime.now(UTC)


def now(cur: Cursor | None = None) -> datetime:
    return real_now() + _offset(cur or _django_cursor())


def advance(cur: Cursor, delta: timedelta) -> datetime:
    return _move(cur, _offset(cur) + delta)


def set_to(cur: Cursor, moment: datetime) -> datetime:
    return _move(cur, moment - real_now())


def _offset(cur: Cursor) -> timedelta:
    row = cur.execute("SELECT offset_us FROM core_clock").fetchone()
    if row is None:
        return timedelta()
    if not settings.get().demo:
        raise SettingsError("The clock of this database was moved, which only a demo may do. Use another database.")
    return timedelta(microseconds=row[0])


def _move(cur: Cursor, offset: timedelta) -> datetime:
    if not settings.get().demo:
        raise SettingsError("Only a demo may move its clock. Set EINKLANG_DEMO=1 on an empty home to make one.")
    cur.execute(
        "INSERT INTO core_clock (offset_us) VALUES (%s) ON CONFLICT (one) DO UPDATE SET offset_us = excluded.offset_us",
        (offset // timedelta(microseconds=1),),
    )
    notify(cur, "clock")
    return real_now() + offset


def _django_cursor() -> Cursor:
    from einklang.core.connection import cursor  # the module itself stays free of Django

    return cursor()
