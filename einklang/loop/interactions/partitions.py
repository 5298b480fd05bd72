from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from einklang.core.pg import Cursor

AHEAD_MONTHS = 2


def ensure(cur: Cursor, moments: Iterable[datetime]) -> None:
    """The months (UTC) in which these moments lie can take rows. Cheap where they already can."""
    for month in months(moments):
        cur.execute("SELECT interactions_attach(%s)", (month,))


def ensure_ahead(cur: Cursor, now: datetime) -> None:
    month = month_of(now)
    for _ in range(AHEAD_MONTHS + 1):
        cur.execute("SELECT interactions_attach(%s)", (month,))
        month = _next(month)


def months(moments: Iterable[datetime]) -> list[date]:
    """Their first days (UTC), in order."""
    return sorted({month_of(moment) for moment in moments})


def month_of(moment: datetime) -> date:
    day = moment.astimezone(UTC).date()
    return day.replace(day=1)


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
