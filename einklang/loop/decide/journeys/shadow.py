"""Journeys of a session's own, with the people who are in them, and what became of them there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.shadow import cover

UNDERWAY = "SELECT person_id FROM decide_enrolment WHERE journey_id = %s AND state = 'waiting'"
ENROLLED = "SELECT enrolment.id FROM public.decide_enrolment AS enrolment WHERE enrolment.person_id = ANY(%s)"
PASSED = """
SELECT e.person_id, l.version, l.step, l.outcome, l.at, l.message, l.rule
FROM decide_step_log l JOIN decide_enrolment e ON e.id = l.enrolment ORDER BY l.at, l.id
"""
SUGGESTED = """
SELECT person_id, version, step, created_at, products FROM decide_suggestion WHERE created_at > %s ORDER BY created_at
"""
ENTERED = "SELECT person_id, version_id, arm FROM decide_enrolment WHERE entered_at > %s"


class Passed(NamedTuple):
    person: UUID
    version: UUID
    step: str
    outcome: str
    at: datetime
    message: UUID | None
    rule: str


class Suggested(NamedTuple):
    person: UUID
    version: UUID
    step: str
    at: datetime
    products: list[str]


class Entered(NamedTuple):
    person: UUID
    version: UUID
    arm: str


def underway(cur: Cursor, journey: UUID) -> set[UUID]:
    return {person for (person,) in cur.execute(UNDERWAY, (journey,)).fetchall()}


def cover_journeys(cur: Cursor, persons: Collection[UUID]) -> None:
    """Those of all journeys: what others send to the same people meets the same limits."""
    wanted = [list(persons)]
    for table in ("decide_journey", "decide_version", "decide_holdout"):
        cover(cur, table, "true")
    cover(cur, "decide_enrolment", "person_id = ANY(%s)", wanted)
    cover(cur, "decide_timer", f"enrolment_id IN ({ENROLLED})", wanted)
    cover(cur, "decide_suggestion", "person_id = ANY(%s)", wanted)
    for table in ("decide_step_log", "decide_goal"):
        cover(cur, table)


def passed(cur: Cursor) -> list[Passed]:
    return [Passed(*row) for row in cur.execute(PASSED)]


def suggested(cur: Cursor, since: datetime) -> list[Suggested]:
    return [Suggested(*row) for row in cur.execute(SUGGESTED, (since,))]


def entered(cur: Cursor, since: datetime) -> list[Entered]:
    return [Entered(*row) for row in cur.execute(ENTERED, (since,))]
