"""The consumer that lets what happened move people: into a journey, on from a wait, out at the goal.

It moves places and timers only. What a step does is done by `wake`, so there is one way out for every message.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.people import lock
from einklang.loop.decide import suggestions
from einklang.loop.decide.journeys import chance, enrolments, holdout, store
from einklang.loop.decide.journeys.document import END
from einklang.loop.decide.journeys.enrolments import Enrolment, Entries, Passed, Reached
from einklang.loop.decide.journeys.step import Fact, State, advance, ends, enter, matches, reached
from einklang.loop.decide.journeys.store import Running
from einklang.loop.interactions import log
from einklang.loop.interactions.consumers import Consumer
from einklang.loop.interactions.types import Entry
from einklang.watch import trace

VISIT = "visit.held"
STALE = timedelta(days=30)  # a history that is imported late takes nobody in; the intake's horizon


@dataclass(slots=True)
class Batch:
    """What is known of the persons in these entries, and what has become of it."""

    running: dict[UUID, Running]
    ways: dict[UUID, list[Enrolment]]
    entered: dict[tuple[UUID, UUID], Entries]
    held_out: int
    new: list[Enrolment] = field(default_factory=list)
    moved: dict[UUID, Enrolment] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    reached: list[Reached] = field(default_factory=list)


def fold(cur: Cursor, entries: list[Entry], now: datetime) -> None:
    running = store.running(cur)
    kinds = frozenset({VISIT}).union(*(each.plan.kinds for each in running))
    known = [(person, entry) for person, entry in _of_persons(cur, entries) if entry.kind in kinds]
    if not known:
        return
    batch = _load(cur, running, known, now)
    for person, entry in known:
        fact = _fact(entry)
        for enrolment in batch.ways.get(person, ()):
            _move(batch, enrolment, fact, entry.pos)
        for version in running:
            if _takes_in(version, entry, fact, now):
                _enter(batch, version, person, entry, min(entry.occurred_at, now))
    enrolments.write(cur, [each for each in batch.moved.values() if each not in batch.new])
    enrolments.insert(cur, batch.new)
    enrolments.note(cur, batch.passed)
    enrolments.reach(cur, batch.reached)
    suggestions.close(cur, {person: entry.occurred_at for person, entry in known if entry.kind == VISIT})


CONSUMER = Consumer("journeys", fold, follows="profiles")


def _of_persons(cur: Cursor, entries: Sequence[Entry]) -> list[tuple[UUID, Entry]]:
    """With those of a browser that was recognised before; what machines do and unknown kinds move nobody."""
    told = [each for each in entries if not each.is_machine and not each.kind.startswith("custom.")]
    recognised = log.recognised(cur, {each.anonymous for each in told if each.person is None and each.anonymous})
    found = []
    for each in told:
        person, since = recognised.get(each.anonymous or "", (None, 0))
        if who := each.person or (person if since < each.pos else None):
            found.append((who, each))
    return found


def _load(cur: Cursor, running: Sequence[Running], known: Sequence[tuple[UUID, Entry]], now: datetime) -> Batch:
    """Locks timers, then the persons who may enter: the order in which `wake` locks them."""
    persons = {person for person, _ in known}
    journeys = {each.journey for each in running}
    ways: dict[UUID, list[Enrolment]] = {}
    since = min(entry.occurred_at for _, entry in known) - _longest(running)
    for enrolment in enrolments.of_persons(cur, persons, journeys, since):
        ways.setdefault(enrolment.person, []).append(enrolment)
    candidates = {
        person for person, entry in known if any(_takes_in(each, entry, _fact(entry), now) for each in running)
    }
    lock.hold(cur, candidates)
    entered = enrolments.entries(cur, candidates, journeys) if candidates else {}
    return Batch({each.version: each for each in running}, ways, entered, holdout.percent(cur))


def _longest(running: Sequence[Running]) -> timedelta:
    """How long after her entry a goal of hers may still count."""
    return max((goal.within for each in running for goal in each.plan.every_goal), default=timedelta())


def _move(batch: Batch, enrolment: Enrolment, fact: Fact, pos: int) -> None:
    plan = batch.running[enrolment.version].plan
    if pos <= enrolment.entered_pos:
        return
    met = [goal.name for goal in plan.every_goal if reached(goal, enrolment.entered_at, fact)]
    batch.reached += [Reached(enrolment.id, name, fact.at) for name in met]
    if enrolment.state not in ("waiting", "done"):
        return
    if end := ends(plan, enrolment.entered_at, fact):
        if end == "goal" or enrolment.state == "waiting":
            enrolment.end(end, fact.at)
            batch.moved[enrolment.id] = enrolment
        return
    if enrolment.state == "waiting":
        advanced = advance(plan, enrolment.place, fact)
        if advanced.passed:
            enrolment.place = advanced.state
            if enrolment.place.step == END:
                enrolment.end("done", fact.at)
            batch.moved[enrolment.id] = enrolment
            batch.passed += _lines(enrolment, advanced.passed, fact.at)


def _takes_in(version: Running, entry: Entry, fact: Fact, now: datetime) -> bool:
    seen = version.open and entry.pos > version.after and entry.occurred_at > now - STALE
    return seen and matches(version.plan.trigger, fact)


def _enter(batch: Batch, version: Running, person: UUID, entry: Entry, at: datetime) -> None:
    """As often as the journey takes her in, and never while she is still on her way."""
    before = batch.entered.get((version.journey, person))
    on_the_way = any(e.journey == version.journey and e.state == "waiting" for e in batch.ways.get(person, ()))
    if on_the_way or (before and not _again(version, before, at)):
        return
    arm = chance.arm(person, version.plan, batch.held_out)
    new = Enrolment(
        id=ids.new(),
        journey=version.journey,
        version=version.version,
        person=person,
        state="done" if arm else "waiting",
        entered_at=at,
        entered_by=entry.id,
        entered_pos=entry.pos,
        ended_at=at if arm else None,
        place=State(END, at, None, {}, {}) if arm else enter(version.plan, at),
        arm=arm,
    )
    batch.entered[(version.journey, person)] = Entries(at, before.times + 1 if before else 1)
    batch.ways.setdefault(person, []).append(new)
    batch.new.append(new)
    trace.made("enrolment", new.id, under=entry.id, journey=new.journey, version=new.version, arm=arm)


def _again(version: Running, before: Entries, at: datetime) -> bool:
    rule = version.plan.reentry
    return at - before.latest >= rule.after and (rule.at_most is None or before.times < rule.at_most)


def _lines(enrolment: Enrolment, passed: Iterable[tuple[str, str]], at: datetime) -> list[Passed]:
    return [Passed(enrolment.id, enrolment.version, step, outcome, at) for step, outcome in passed]


def _fact(entry: Entry) -> Fact:
    return Fact(entry.kind, entry.occurred_at, entry.properties, entry.message)
