"""A journey that has compared two ways for weeks, with a hold-out; then its results and a rehearsal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import chance, enrolments, store
from einklang.loop.decide.journeys.document import END, Journey
from einklang.loop.decide.journeys.enrolments import Enrolment, Passed, Reached
from einklang.loop.decide.journeys.step import State, enter
from einklang.planning import jobs
from einklang.project.demo.history import Allowed
from einklang.project.demo.journeys import DAY, ENTERED_BY, walk

PLACE = Path(__file__).with_name("journey_first.json")
BEGAN, ENTRY = 29 * DAY, 18 * DAY
VISITED = {"mail-zuerst": 0.24, "besuch-zuerst": 0.46, "holdout": 0.14}
READ = {"mail-zuerst": 0.42, "besuch-zuerst": 0.30, "holdout": 0.22}
SHARE = 0.85
REHEARSED = 56


def write(cur: Cursor, persons: Sequence[Person], allowed: Allowed, author: UUID, now: datetime) -> None:
    """The story's doctor, the first of `persons`, is not in it."""
    random = Random(83)
    document = json.loads(PLACE.read_text())
    version = store.publish(cur, document, author, now - BEGAN, PLACE.with_suffix(".tests.yaml").read_text())
    journey, plan = store.journey_of(cur, version), store.parsed(version, document)
    walked: list[Enrolment] = []
    lines: list[Passed] = []
    reached: list[Reached] = []
    for person in (each for each in persons[1:] if random.random() < SHARE):
        at = now - BEGAN + random.random() * ENTRY
        entered = _entered(plan, journey, version, person.id, at)
        own, passed = _walked(random, plan, entered, "email" in allowed[person.id], now)
        walked.append(own)
        lines += passed
        reached += _reached(random, own, now)
    enrolments.insert(cur, walked)
    enrolments.note(cur, lines)
    enrolments.reach(cur, reached)


def ask(cur: Cursor, now: datetime) -> None:
    """What the pages show is done by the planner, as for everybody else."""
    key = json.loads(PLACE.read_text())["key"]
    row = next((row for row in store.listing(cur) if row.key == key), None)
    if row is None or jobs.latest(cur, "rehearsal", row.id):
        return
    version = store.versions(cur, row.id)[-1]
    by = version.published_by
    jobs.ask(cur, "results", now=now, journey=row.id, wanted={"version": str(version.id)}, by=by)
    wanted = {"document": version.document, "days": REHEARSED, "title": row.title.de}
    jobs.ask(cur, "rehearsal", now=now, journey=row.id, wanted=wanted, by=by)


def _entered(plan: Journey, journey: UUID, version: UUID, person: UUID, at: datetime) -> Enrolment:
    arm = chance.arm(person, plan, 0)
    place = State(END, at, None, {}, {}) if arm else enter(plan, at)
    state, ended = ("done", at) if arm else ("waiting", None)
    return Enrolment(ids.new(), journey, version, person, state, at, ENTERED_BY, 0, ended, place, arm)


def _walked(
    random: Random, plan: Journey, own: Enrolment, may_mail: bool, now: datetime
) -> tuple[Enrolment, list[Passed]]:
    return (own, []) if own.arm else walk(random, plan, own, may_mail, now, goals=0)


def _reached(random: Random, own: Enrolment, now: datetime) -> list[Reached]:
    group = own.arm or own.place.outcomes["versuch"]
    found = []
    if random.random() < READ[group]:
        found.append(Reached(own.id, "weitergelesen", own.entered_at + random.random() * 20 * DAY))
    if random.random() < VISITED[group] and own.state == "done":
        at = own.entered_at + timedelta(days=10) + random.random() * 10 * DAY
        own.end("goal", min(at, now))
        found.append(Reached(own.id, "goal", min(at, now)))
    return found
