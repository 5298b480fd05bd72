"""Journeys that have run for weeks: people walked through them by the product's own steps, on simulated answers.

Nobody in them is woken before the story is over, and the story's doctor is in none of them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import drafts, enrolments, store
from einklang.loop.decide.journeys.document import END, PRIMARY, Journey
from einklang.loop.decide.journeys.enrolments import Enrolment, Passed, Reached
from einklang.loop.decide.journeys.step import Advance, Answer, Due, Fact, Sent, Traits, advance, enter
from einklang.project.demo.history import Allowed

DAY = timedelta(days=1)
BEGAN, CHANGED = 29 * DAY, 21 * DAY
ENTRY = 14 * DAY
QUIET = 10 * DAY  # longer than the story takes
SHARE, CLICKS, VISITS = 0.8, 0.4, 0.3
LIMITED, PROFESSION = 0.12, 0.05
ENTERED_BY = UUID(int=0)


def write(cur: Cursor, persons: Sequence[Person], allowed: Allowed, author: UUID, now: datetime) -> None:
    """One journey in its second version with people in both, a paused one, and a draft."""
    random = Random(71)
    document = json.loads(Path(__file__).with_name("journey_kidney.json").read_text())
    first = deepcopy(document)
    first["steps"]["pause"]["wait"] = {"for": "P5D"}
    first["steps"]["answer"]["else"] = END
    del first["steps"]["remind"]
    others = [person for person in persons[1:] if random.random() < SHARE]
    early, late = others[: len(others) // 4], others[len(others) // 4 :]
    _run(cur, random, first, author, persons=early, allowed=allowed, since=now - BEGAN, now=now)
    journey = _run(cur, random, document, author, persons=late, allowed=allowed, since=now - CHANGED, now=now)
    _paused(cur, document, author, now)
    _draft(cur, journey, author, now)


def _run(
    cur: Cursor,
    random: Random,
    document: dict[str, Any],
    author: UUID,
    *,
    persons: Sequence[Person],
    allowed: Allowed,
    since: datetime,
    now: datetime,
) -> UUID:
    version = store.publish(cur, document, author, since)
    journey = next(row.id for row in store.listing(cur) if row.version == version)
    plan = store.parsed(version, document)
    walked = [
        walk(random, plan, Enrolment(
            ids.new(), journey, version, person.id, "waiting", at, ENTERED_BY, 0, None, enter(plan, at)
        ), "email" in allowed[person.id], now)
        for person in persons
        for at in [since + random.random() * ENTRY]
    ]  # fmt: skip
    enrolments.insert(cur, [enrolment for enrolment, _ in walked])
    enrolments.note(cur, [line for _, lines in walked for line in lines])
    met = [each for each, _ in walked if each.state == "goal" and each.ended_at]
    enrolments.reach(cur, [Reached(each.id, PRIMARY, each.ended_at or now) for each in met])
    return journey


def walk(
    random: Random, plan: Journey, enrolment: Enrolment, may_mail: bool, now: datetime, *, goals: float = VISITS
) -> tuple[Enrolment, list[Passed]]:
    """Step by step as the worker would have done it; so many of those at the end have reached the goal."""
    lines: list[Passed] = []
    while (due := enrolment.place.due) is not None and due < now + QUIET:
        advanced = _next(random, plan, enrolment, due)
        rule = ""
        while advanced.ask:
            rule = _refusal(random, may_mail)
            lines += _lines(enrolment, advanced, min(due, now))
            sent = Sent(None, due, ("kaliummanagement",))
            advanced = advance(plan, advanced.state, Answer(due, allowed=not rule, sent=sent))
        lines += _lines(enrolment, advanced, min(due, now), rule)
        enrolment.place = advanced.state
    if enrolment.place.step == END:
        at = enrolment.place.since
        enrolment.end("goal" if random.random() < goals else "done", min(at, now))
    return enrolment, lines


def _next(random: Random, plan: Journey, enrolment: Enrolment, due: datetime) -> Advance:
    """Who waits for a sign gives it or does not."""
    place = enrolment.place
    if place.step == "answer" and place.outcomes.get("mail") == "planned" and random.random() < CLICKS:
        at = place.since + (due - place.since) * random.random()
        properties = {"content_slug": "kaliummanagement", "link": "Kalium im Blick"}
        return advance(plan, place, Fact("content.viewed", at, properties))
    return advance(plan, place, Due(due), Traits(person=enrolment.person))


def _refusal(random: Random, may_mail: bool) -> str:
    if not may_mail:
        return "DE-CON-01"
    drawn = random.random()
    return "AUR-CAP-02" if drawn < LIMITED else "DE-HWG-02" if drawn < LIMITED + PROFESSION else ""


def _lines(enrolment: Enrolment, advanced: Advance, at: datetime, rule: str = "") -> list[Passed]:
    """The rule belongs to what it withheld."""
    return [
        Passed(enrolment.id, enrolment.version, step, outcome, at, None, rule if outcome == "withheld" else "")
        for step, outcome in advanced.passed
    ]


def _paused(cur: Cursor, document: dict[str, Any], author: UUID, now: datetime) -> None:
    other = {**deepcopy(document), "key": "erkaeltung-in-der-praxis", "title": _title("Erkältung", "Colds")}
    other["trigger"] = {"kind": "content.viewed", "where": {"topics": ["erkältung"]}, "once_in_days": 365}
    version = store.publish(cur, other, author, now - 20 * DAY)
    journey = next(row.id for row in store.listing(cur) if row.version == version)
    store.pause(cur, journey, now - 6 * DAY, author)


def _draft(cur: Cursor, journey: UUID, author: UUID, now: datetime) -> None:
    """Somebody is writing the third version, and one name is not right yet."""
    draft = drafts.of_journey(cur, journey, author, now - 2 * DAY)
    text = draft.text.replace('"vertiefung-herzinsuffizienz"', '"vertiefung-nierenfunktion"', 1)
    drafts.save(cur, draft.id, text, revision=draft.revision, by=author, now=now - timedelta(hours=15))


def _title(de: str, en: str) -> dict[str, str]:
    return {"de": f"{de} in der Praxis", "en": f"{en} in practice"}
