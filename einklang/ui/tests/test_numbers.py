from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from einklang.ui import numbers

STORY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace(numbers.NBSP, " ")


@pytest.mark.parametrize(
    ("function", "german", "english"),
    [
        (numbers.moment, "Mo., 23. Nov., 10:30", "Mon 23 Nov, 10:30"),
        (numbers.full_moment, "Mo., 23. Nov. 2026, 10:30", "Mon 23 Nov 2026, 10:30"),
        (numbers.day, "23. November 2026", "23 November 2026"),
        (numbers.weekday, "Montag, 23. November", "Monday 23 November"),
        (numbers.short_day, "23. Nov.", "23 Nov"),
        (numbers.month, "November 2026", "November 2026"),
        (numbers.time_of_day, "10:30", "10:30"),
    ],
)
def test_moments_are_told_in_the_time_of_berlin(function: object, german: str, english: str) -> None:
    assert callable(function)
    with translation.override("de"):
        assert plain(function(STORY)) == german
    with translation.override("en"):
        assert plain(function(STORY)) == english


def test_a_date_does_not_break_over_two_lines() -> None:
    with translation.override("de"):
        assert " " not in numbers.moment(STORY)
        assert " " not in numbers.day(date(2026, 11, 19))


def test_numbers_carry_the_marks_of_the_language() -> None:
    with translation.override("de"):
        assert (numbers.number(1284), numbers.number(18.5, 1)) == ("1.284", "18,5")
        assert plain(numbers.percent(18.5, 1)) == "18,5 %"
    with translation.override("en"):
        assert (numbers.number(1284), numbers.percent(18.5, 1)) == ("1,284", "18.5%")


@pytest.mark.parametrize(
    ("span", "german"),
    [
        (timedelta(seconds=0.4), "0,4 s"),
        (timedelta(minutes=12, seconds=50), "12 min"),
        (timedelta(hours=30), "30 h"),
        (timedelta(days=2), "2 Tage"),
    ],
)
def test_a_span_is_told_in_its_largest_whole_unit(span: timedelta, german: str) -> None:
    with translation.override("de"):
        assert plain(numbers.span(span)) == german
