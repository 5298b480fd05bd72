"""Each room registers how it shows what it holds of a person, and how it lets go of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor

ERASED, RESTRICTED, KEPT = "ERASED", "RESTRICTED_UNTIL", "KEPT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one class of records. `record_class` is an entry of services/privacy/retention.yaml, `basis` the
    rule because of which something stays; `until` is the last day on which it may."""

    record_class: str
    result: str
    count: int
    until: date | None = None
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """`export` shows plain JSON values; `erase` runs under the person's lock, in the caller's transaction."""

    name: str
    export: Callable[[Cursor, UUID], dict[str, Any]]
    erase: Callable[[Cursor, UUID, datetime], list[Outcome]]


_rooms: dict[str, Room] = {}


def register(room: Room) -> None:
    _rooms[room.name] = room


def rooms() -> tuple[Room, ...]:
    """The upper ones first: they still need what the lower ones know of the person."""
    return tuple(reversed(_rooms.values()))


def erased(record_class: str, count: int) -> Outcome:
    return Outcome(record_class=record_class, result=ERASED, count=count)


@contextmanager
def unlocked(cur: Cursor) -> Iterator[None]:
    """Tables that refuse changes let an erasure pass, and nothing else."""
    cur.execute("SELECT set_config('einklang.erasing', 'on', true)")
    yield
    cur.execute("SELECT set_config('einklang.erasing', 'off', true)")
