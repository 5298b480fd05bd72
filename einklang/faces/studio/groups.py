"""Counts for those who see no names: whole fives, rounded down, so that no two of them differ by a smaller group."""

from __future__ import annotations

from einklang.ui import numbers
from einklang.ui.text import t

SMALLEST = 5


def shown(number: int, *, named: bool) -> int:
    return number if named else number - number % SMALLEST


def drawn(number: int, *, named: bool) -> int | None:
    """In a chart: None where there is something that is not shown."""
    return shown(number, named=named) or (None if number else 0)


def told(number: int, *, named: bool) -> str:
    if named or number == 0 or number >= SMALLEST:
        return numbers.number(shown(number, named=named))
    return t(f"unter {SMALLEST}", f"under {SMALLEST}")
