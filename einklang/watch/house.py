"""Who works in this house and when its chores were done: known at the top of it, shown by a page further down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from einklang.core.pg import Cursor

SILENT = timedelta(minutes=1)  # four beats missed: it hangs or is gone
LATE_TURNS = 3  # of a chore that are missed before somebody should look


class Worker(NamedTuple):
    name: str  # machine/process
    started_at: datetime
    beat_at: datetime

    @property
    def machine(self) -> str:
        return self.name.rpartition("/")[0]

    def lives(self, now: datetime) -> bool:
        return now - self.beat_at <= SILENT


class Chore(NamedTuple):
    name: str
    every: timedelta | None  # None: as often as somebody has arranged
    last: datetime | None

    def late(self, now: datetime) -> bool:
        return self.last is not None and self.every is not None and now - self.last > LATE_TURNS * self.every


class House(NamedTuple):
    workers: Callable[[Cursor], list[Worker]] = lambda cur: []
    chores: Callable[[Cursor], list[Chore]] = lambda cur: []


_house = House()


def register(house: House) -> None:
    global _house
    _house = house


def workers(cur: Cursor) -> list[Worker]:
    return _house.workers(cur)


def chores(cur: Cursor) -> list[Chore]:
    return _house.chores(cur)
