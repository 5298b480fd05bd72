"""A journey played on real people and a virtual clock: the same code as in earnest, on copies of the tables.

What happened in the days before happens again in the days to come: who met the trigger then meets it now. Nobody
answers what the rehearsal sends. The clock goes in steps of an hour, and skips the hours in which nothing is due.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Connection, Cursor
from einklang.core.words import Words
from einklang.loop.decide.journeys import chance, shadow, store, triggers, wake
from einklang.loop.decide.journeys.document import Document, Journey, parse
from einklang.loop.decide.journeys.step import Fact, matches
from einklang.loop.gate import shadow as outbox
from einklang.loop.interactions import log
from einklang.loop.interactions.shadow import happened
from einklang.loop.interactions.types import Entry, Interaction
from einklang.planning.rehearsal import stage

TICK = timedelta(hours=1)
TAIL = timedelta(days=120)  # nobody is followed for longer after the last entry
MOST = 20_000
CHANNELS = ("email",)
SOURCE = "rehearsal"
NOBODY = Words(
    "In diesem Zeitraum hat niemand die Journey ausgelöst, und niemand ist unterwegs.",
    "Nobody met the trigger in this time, and nobody is underway.",
)

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Script:
    """What to play: a published journey, or a `document` that may become one, and how many days come again."""

    document: Document
    journey: UUID | None
    by: UUID
    days: int = 28

    @property
    def back(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Played:
    """`people` are those who could come in; `known` is how many there were before a sample was drawn."""

    script: Script
    version: UUID
    plan: Journey
    began: datetime
    ended: datetime
    people: Sequence[UUID]
    known: int
    entered: Sequence[shadow.Entered]
    passed: Sequence[shadow.Passed]
    suggested: Sequence[shadow.Suggested]
    messages: Sequence[outbox.Told]


def play(connection: Connection, script: Script, now: datetime, tell: Tell = lambda percent: None) -> Played:
    """The connection is the rehearsal's own, in autocommit, and good for nothing else afterwards."""
    cur = connection.cursor()
    plan = parse(script.document)
    concerned = _concerned(cur, script, plan, now)
    if not concerned:
        raise InputError("days", NOBODY)
    people = _drawn(concerned)
    entries = _again(cur, people, script, now)
    cur = stage.build(connection, people, now, now + script.back + TAIL)
    with connection.transaction():
        version = _published(cur, script, now)
    ended = _run(connection, cur, entries, now, until=now + script.back, tell=tell)
    return Played(
        script, version, plan, now, ended, people, len(concerned), shadow.entered(cur, now - TICK), shadow.passed(cur),
        shadow.suggested(cur, now - TICK), outbox.messages(cur, people),
    )  # fmt: skip


def _concerned(cur: Cursor, script: Script, plan: Journey, now: datetime) -> set[UUID]:
    """Who met the trigger in the days before, and who is underway."""
    found = happened(cur, plan.trigger.kinds, now - script.back)
    met = {
        entry.person
        for entry in found
        if entry.person and matches(plan.trigger, Fact(entry.kind, entry.occurred_at, entry.properties, entry.message))
    }
    return met | (shadow.underway(cur, script.journey) if script.journey else set())


def _drawn(people: Collection[UUID]) -> list[UUID]:
    """All of them, or as many as can be played, by lot."""
    return sorted(people, key=lambda person: chance.lot(person, SOURCE))[:MOST]


def _again(cur: Cursor, people: Collection[UUID], script: Script, now: datetime) -> list[Interaction]:
    """What these people did, and the visits they had, as it would come again; what the house sent is played anew."""
    kinds = frozenset().union(*(each.plan.kinds for each in store.running(cur)), parse(script.document).kinds)
    mine = set(people)
    found = (each for each in happened(cur, kinds, now - script.back) if each.person in mine and each.message is None)
    shifted = [_shifted(each, script.back) for each in found if each.channel != "email" and each.occurred_at < now]
    return sorted((each for each in shifted if each.occurred_at >= now), key=lambda each: each.occurred_at)


def _shifted(entry: Entry, by: timedelta) -> Interaction:
    id_, at = ids.new(), entry.occurred_at + by
    values = {name: getattr(entry, name) for name in log.COLUMNS}
    return replace(
        Interaction(**values), id=id_, occurred_at=at, received_at=at, source=SOURCE, source_id=str(id_)
    )  # fmt: skip


def _published(cur: Cursor, script: Script, now: datetime) -> UUID:
    """In the rehearsal it runs, also where it is a draft, paused or stopped."""
    version = store.publish(cur, script.document, script.by, now)
    store.resume(cur, store.journey_of(cur, version), now, script.by)
    return version


def _run(
    connection: Connection, cur: Cursor, entries: Sequence[Interaction], now: datetime, *, until: datetime, tell: Tell
) -> datetime:
    """Hour by hour as long as something is to come; returns the last hour in which something happened."""
    waiting, moment, last = list(entries), now, until + TAIL
    while (due := _next(cur, waiting)) and _tick(now, due) <= last:
        moment = max(_tick(now, due), moment)
        ready = [each for each in waiting if each.occurred_at <= moment]
        waiting = waiting[len(ready) :]
        with connection.transaction():
            happen(cur, ready, moment)
        _exhaust(connection, partial(wake.advance, cur, moment))
        _exhaust(connection, partial(outbox.dispatch_due, cur, moment, CHANNELS))
        tell(min(99, int(100 * (moment - now) / (last - now))))
    return moment


def _exhaust(connection: Connection, act: Callable[[], int]) -> None:
    """Batch by batch, each a short transaction."""
    done = 1
    while done:
        with connection.transaction():
            done = act()


def happen(cur: Cursor, ready: Sequence[Interaction], moment: datetime) -> None:
    if not ready:
        return
    recorded = {each.id: each.pos for each in log.record(cur, ready)}
    entries = [
        Entry(**{name: getattr(each, name) for name in log.COLUMNS}, pos=recorded[each.id], lane=0) for each in ready
    ]
    triggers.fold(cur, entries, moment)


def _next(cur: Cursor, waiting: Sequence[Interaction]) -> datetime | None:
    moments = [wake.next_due(cur), outbox.next_due(cur, CHANNELS), waiting[0].occurred_at if waiting else None]
    return min((each for each in moments if each), default=None)


def _tick(began: datetime, due: datetime) -> datetime:
    """The next full hour since the beginning, at which what is due is seen."""
    hours, rest = divmod(due - began, TICK)
    return began + (hours + (1 if rest else 0)) * TICK
