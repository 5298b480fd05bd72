"""One trace follows an event through the loop: what it was, what was learned, who entered a journey, what the gate
said, what left. Nothing is kept for that. A trace id has as many bits as a UUID, and so an interaction's id *is* the id
of its trace; what comes of it is found through the ids that the loop keeps anyway: an enrolment knows by which
interaction it began, a message by which enrolment. Their spans carry the last 64 bits of their ids.

Off, and without the libraries loaded, unless OTEL_EXPORTER_OTLP_ENDPOINT says where the spans go (`watch.otlp`).
"""

from __future__ import annotations

import atexit
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from einklang.core import clock, ids
from einklang.core.errors import SettingsError
from einklang.watch import lines

ENDPOINT = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
SHARE = "OTEL_TRACES_SAMPLER_ARG"  # of the traces, 0 to 1
RANDOM_BITS = 56  # of a trace id, by which those who sample agree (W3C Trace Context, level 2)
SPAN = (1 << 64) - 1
TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")

Fact = str | int | float | bool
Resolve = Callable[[Collection[UUID]], Mapping[UUID, UUID]]


class Place(NamedTuple):
    """Where a span stands."""

    trace: int
    span: int

    @classmethod
    def of(cls, thing: UUID, trace: UUID | None = None) -> Place:
        return cls((trace or thing).int, thing.int & SPAN)


@dataclass(slots=True)
class Note:
    name: str
    thing: UUID  # an interaction, an enrolment, a message
    under: UUID | None  # what it came from
    new: bool  # it came into being; else something happened to it
    because: UUID | None  # what else led to it
    at: datetime
    facts: dict[str, Fact]


@dataclass(slots=True)
class Turn:
    """A batch of a worker or a request, and what happened meanwhile to whom."""

    name: str
    place: Place
    parent: Place | None = None
    server: bool = False
    began: datetime = field(default_factory=clock.real_now)
    notes: list[Note] = field(default_factory=list)
    callers: dict[UUID, Turn] = field(default_factory=dict)  # by interaction: the request that told of it
    led_to: list[UUID] = field(default_factory=list)
    items: int = 0
    facts: dict[str, Fact] = field(default_factory=dict)


class Exporter(Protocol):
    def tell(self, turn: Turn, failure: str) -> None:
        """`failure`: the kind of error, where the turn came to nothing."""

    def close(self) -> None:
        """After what was told has been sent."""


_exporter: Exporter | None = None
_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


def begin(process: str, resolve: Resolve | None = None) -> None:
    """`resolve`: by which interactions these enrolments began."""
    global _exporter
    if any(os.environ.get(name) for name in ENDPOINT):
        from einklang.watch import otlp

        _exporter = otlp.Otlp(process, share(os.environ), resolve or (lambda things: {}))
        atexit.register(end)


def end() -> None:
    global _exporter
    if _exporter:
        _exporter.close()
    _exporter = None


def share(env: Mapping[str, str]) -> float:
    try:
        said = float(env.get(SHARE) or 1)
    except ValueError:
        said = -1.0
    if not 0 <= said <= 1:
        raise SettingsError(f"{SHARE} is {env.get(SHARE)!r}, but must be a number from 0 to 1.")
    return said


def kept(trace: int, share: float) -> bool:
    """The same for every process, so that a trace is whole or not at all."""
    return (trace & (1 << RANDOM_BITS) - 1) < share * (1 << RANDOM_BITS)


@contextmanager
def turn(name: str, *, traceparent: str = "", server: bool = False) -> Iterator[Turn | None]:
    """What is noted inside is told at its end; of what failed, and so rolled back, only that it failed."""
    if _exporter is None:
        yield None
        return
    exporter, own = _exporter, beginning(name, traceparent, server=server)
    before, named = _turn.set(own), lines.trace.set(f"{own.place.trace:032x}")
    try:
        yield own
    except BaseException as problem:
        exporter.tell(own, type(problem).__name__)
        raise
    else:
        exporter.tell(own, "")
    finally:
        _turn.reset(before)
        lines.trace.reset(named)


def current() -> Turn | None:
    return _turn.get()


def made(
    name: str, thing: UUID, *, under: UUID | None = None, because: UUID | None = None, **facts: Fact | UUID | None
) -> None:
    """`thing` came into being, out of what is `under` it, or with a trace of its own, `because` of another."""
    _note(name, thing, under, because, facts, new=True)


def done(name: str, thing: UUID, *, under: UUID | None = None, **facts: Fact | UUID | None) -> None:
    """Something happened to `thing`, which came out of what is `under` it."""
    _note(name, thing, under, None, facts, new=False)


def told_by(thing: UUID, caller: Turn | None) -> None:
    """Which request told of an interaction, where several share a transaction."""
    if caller and (own := _turn.get()) is not None:
        own.callers[thing] = caller


def _note(
    name: str,
    thing: UUID,
    under: UUID | None,
    because: UUID | None,
    facts: Mapping[str, Fact | UUID | None],
    *,
    new: bool,
) -> None:
    if (own := _turn.get()) is None:
        return
    told = {key: str(fact) if isinstance(fact, UUID) else fact for key, fact in facts.items() if fact is not None}
    own.notes.append(Note(name, thing, under, new, because, clock.real_now(), told))


def beginning(name: str, traceparent: str = "", *, server: bool = False) -> Turn:
    """A caller that is traced itself goes on in its own trace."""
    found = TRACEPARENT.fullmatch(traceparent.strip())
    parent = Place(int(found[1], 16), int(found[2], 16)) if found else None
    if parent and not (parent.trace and parent.span):
        parent = None
    id_ = ids.new()
    place = Place(parent.trace if parent else id_.int, id_.int & SPAN)
    return Turn(name, place, parent, server)
