"""Dates and numbers as German and English people write them, with spaces that do not break."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from einklang.ui import locale
from einklang.ui.calendar import MONTHS, SHORT_MONTHS, WEEKDAYS

NBSP = "\u00a0"


def day(value: date) -> str:
    """23. November 2026 / 23 November 2026"""
    local = _local(value)
    return f"{_ordinal(local)}{NBSP}{MONTHS[locale.current()][local.month - 1]}{NBSP}{local.year}"


def weekday(value: date) -> str:
    """Montag, 23. November / Monday 23 November"""
    local = _local(value)
    language = locale.current()
    name = WEEKDAYS[language][local.weekday()] + ("," if language == "de" else "")
    return f"{name} {_ordinal(local)}{NBSP}{MONTHS[language][local.month - 1]}"


def short_day(value: date) -> str:
    """19. Nov. / 19 Nov"""
    local = _local(value)
    return f"{_ordinal(local)}{NBSP}{SHORT_MONTHS[locale.current()][local.month - 1]}"


def moment(value: datetime) -> str:
    """Mo., 23. Nov., 10:30 / Mon 23 Nov, 10:30"""
    return f"{_short_weekday(value)}{NBSP}{short_day(value)},{NBSP}{_local(value):%H:%M}"


def full_moment(value: datetime) -> str:
    """Mo., 23. Nov. 2026, 10:30 / Mon 23 Nov 2026, 10:30"""
    local = _local(value)
    return f"{_short_weekday(value)}{NBSP}{short_day(value)}{NBSP}{local.year},{NBSP}{local:%H:%M}"


def month(value: date) -> str:
    """November 2026"""
    local = _local(value)
    return f"{MONTHS[locale.current()][local.month - 1]}{NBSP}{local.year}"


def time_of_day(value: datetime) -> str:
    return f"{_local(value):%H:%M}"


def number(value: float, digits: int = 0) -> str:
    """1.284 and 18,5 / 1,284 and 18.5"""
    english = f"{value:,.{digits}f}"
    return english if locale.current() == "en" else english.translate(str.maketrans(",.", ".,"))


def percent(value: float, digits: int = 0) -> str:
    """18,5 % / 18.5%, of a value from 0 to 100"""
    return number(value, digits) + ("%" if locale.current() == "en" else f"{NBSP}%")


def span(value: timedelta) -> str:
    """The largest whole unit: 0,4 s; 12 min; 3 h; 2 Tage / 2 days"""
    seconds = value.total_seconds()
    if seconds < 60:
        return f"{number(seconds, 1)}{NBSP}s"
    if seconds < 3600:
        return f"{number(seconds // 60)}{NBSP}min"
    if seconds < 2 * 86_400:
        return f"{number(seconds // 3600)}{NBSP}h"
    return f"{number(seconds // 86_400)}{NBSP}" + ("days" if locale.current() == "en" else "Tage")


def _local(value: date) -> date:
    return timezone.localtime(value) if isinstance(value, datetime) else value


def _ordinal(value: date) -> str:
    return f"{value.day}." if locale.current() == "de" else str(value.day)


def _short_weekday(value: date) -> str:
    language = locale.current()
    name = WEEKDAYS[language][_local(value).weekday()]
    return f"{name[:2]}.," if language == "de" else name[:3]
