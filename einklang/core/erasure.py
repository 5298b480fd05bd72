"""Each room registers how it shows what it holds of a person, how it lets go of it, and what grows too old."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor

ERASED, RESTRICTED, KEPT = "ERASED", "RESTRICTED_UNTIL", "KEPT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one class of records (services/privacy/retention.yaml names them and the rule that keeps them).
    `until` is the last day; who knows only from when the rule counts says `since`."""

    record_class: str
    result: str
    count: int
    until: date | None = None
    since: datetime | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ageing:
    """Records of a class that may stay for a time only: how many are older than a moment, from when the oldest is, and
    dropping some of them."""

    record_class: str
    older: Callable[[Cursor, datetime], tuple[int, datetime | None]]
    drop: Callable[[Cursor, datetime, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`erase` runs under the person's lock, in the caller's transaction. `ended`: people withdrew a permission."""

    name: str
    export: Callable[[Cursor, UUID], dict[str, Any]]
    erase: Callable[[Cursor, UUID, datetime], list[Outcome]]
    ageing: Sequence[Ageing] = ()
    ended: Callable[[Cursor, Sequence[UUID], str], None] | None = None


_rooms: dict[str, Room] = {}


def register(room: Room) -> None:
    _rooms[room.name] = room


def rooms() -> tuple[Room, ...]:
    """The upper ones first: they still need what the lower ones know of the person."""
    return tuple(reversed(_rooms.values()))


def erased(record_class: str, count: int) -> Outcome:
    return Outcome(record_class=record_class, result=ERASED, count=count)


def rows(cur: Cursor, query: str, values: Sequence[Any] | Mapping[str, Any]) -> list[dict[str, Any]]:
    """For exports: each row by the names of its columns."""
    found = cur.execute(query, values).fetchall()
    names = [column.name for column in cur.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found]


@contextmanager
def unlocked(cur: Cursor) -> Iterator[None]:
    """Tables that refuse changes let an erasure pass, and nothing else."""
    cur.execute("SELECT set_config('einklang.erasing', 'on', true)")
    yield
    cur.execute("SELECT set_config('einklang.erasing', 'off', true)")
