"""How many people a journey took in, where they stand, and what became of them at each step."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import store
from einklang.loop.decide.journeys.document import Branch, Message, Split, Suggest, Wait, WaitFor

STATES = "SELECT state, count(*) FROM decide_enrolment WHERE journey_id = %s AND arm = '' GROUP BY state"
STANDING = """
SELECT version_id, step, count(*) FROM decide_enrolment
WHERE journey_id = %s AND state = 'waiting' GROUP BY version_id, step
"""
OUTCOMES = """
SELECT version, step, outcome, count(*) FROM decide_step_log
WHERE version = ANY(%s) GROUP BY version, step, outcome ORDER BY outcome
"""
KINDS = {Wait: "wait", WaitFor: "wait_for", Branch: "branch", Split: "split", Message: "message", Suggest: "suggest"}


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """`kind` is one of `KINDS`; `standing` are there now, `outcomes` went on."""

    version: UUID
    number: int
    step: str
    kind: str
    standing: int
    outcomes: dict[str, int]

    @property
    def arrived(self) -> int:
        return self.standing + sum(self.outcomes.values())


@dataclass(frozen=True, slots=True)
class Numbers:
    """`done` are those who reached the end of the way without the goal."""

    entered: int
    waiting: int
    done: int
    goal: int
    exited: int
    steps: tuple[StepNumbers, ...]


def numbers(cur: Cursor, journey: UUID) -> Numbers:
    states: dict[str, int] = dict(cur.execute(STATES, (journey,)).fetchall())
    return Numbers(
        entered=sum(states.values()),
        waiting=states.get("waiting", 0),
        done=states.get("done", 0),
        goal=states.get("goal", 0),
        exited=states.get("exited", 0),
        steps=tuple(_steps(cur, journey)),
    )


def _steps(cur: Cursor, journey: UUID) -> list[StepNumbers]:
    """In the order of the way, newest version first."""
    versions = store.versions(cur, journey)[::-1]
    standing = {(version, step): count for version, step, count in cur.execute(STANDING, (journey,)).fetchall()}
    outcomes: dict[tuple[UUID, str], dict[str, int]] = {}
    for version, step, outcome, count in cur.execute(OUTCOMES, ([each.id for each in versions],)).fetchall():
        outcomes.setdefault((version, step), {})[outcome] = count
    return [
        StepNumbers(
            version=version.id,
            number=version.number,
            step=name,
            kind=KINDS[type(plan.steps[name])],
            standing=standing.get((version.id, name), 0),
            outcomes=outcomes.get((version.id, name), {}),
        )
        for version in versions
        for plan in [store.parsed(version.id, version.document)]
        for name in plan.order
    ]
