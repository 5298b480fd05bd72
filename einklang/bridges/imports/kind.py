"""What a kind of import is: its fields, how its rows are recognised again, and how a chunk of them is taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from einklang.bridges.imports.fields import Field
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people.rows import Difference, Stage

NEW, CHANGED, UNCHANGED, REFUSED, ERASED = "new", "changed", "unchanged", "refused", "erased"
RESULTS = (NEW, CHANGED, UNCHANGED, REFUSED, ERASED)


@dataclass(frozen=True, slots=True)
class Row:
    """`number` is the row in the sheet. An empty cell is missing in `values`: it changes nothing."""

    number: int
    values: Mapping[str, Any]

    def get(self, name: str, otherwise: Any = "") -> Any:
        return self.values.get(name, otherwise)

    def only(self, *names: str) -> dict[str, Any]:
        return {name: self.values[name] for name in names if name in self.values}


@dataclass(frozen=True, slots=True)
class Job:
    """`dry`: nothing is written. `third_party`: the source is not the people themselves (EU-DP-05)."""

    batch: UUID
    source: str
    third_party: bool
    dry: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    row: int
    result: str
    subject: UUID | None = None
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    problem: InputError | None = None


class Chunk(Protocol):
    """Some rows with all that the house knows about them, looked up at once."""

    def take(self, row: Row) -> Outcome: ...

    def write(self, cur: Cursor) -> None: ...


Load = Callable[[Cursor, Sequence[Row], Job], list[Outcome]]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """`keys`: what no two rows of one file may share; `found_by` says it in words. `sourced`: its rows are known by
    the numbers of a source."""

    name: str
    label: Words
    icon: str
    about: Words
    found_by: Words
    fields: tuple[Field, ...]
    keys: Callable[[Mapping[str, Any]], tuple[str, ...]]
    load: Load
    sourced: bool = True

    def field(self, name: str) -> Field | None:
        return next((each for each in self.fields if each.name == name), None)


def by_chunk(look_up: Callable[[Cursor, Sequence[Row], Job], Chunk]) -> Load:
    """Row after row is judged, and then everything is written at once."""

    def load(cur: Cursor, rows: Sequence[Row], job: Job) -> list[Outcome]:
        chunk = look_up(cur, rows, job)
        outcomes = [chunk.take(row) for row in rows]
        chunk.write(cur)
        return outcomes

    return load


def refused(row: Row, problem: InputError) -> Outcome:
    return Outcome(row.number, REFUSED, problem=problem)


def taken(row: Row, subject: UUID | None, main: Difference, new: bool, *more: Difference) -> Outcome:
    """What the row made of its subject. The values of a new one stand where they belong, and only there."""
    if new:
        return Outcome(row.number, NEW, subject)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for difference in (main, *more):
        before |= difference.before
        after |= difference.after
    return Outcome(row.number, CHANGED if after else UNCHANGED, subject, before, after)


def write(cur: Cursor, job: Job, *stages: Stage) -> None:
    """In the order given: what others point at comes first."""
    if not job.dry:
        for stage in stages:
            stage.write(cur)
