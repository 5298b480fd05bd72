"""How many people took each way of one version, who waits where until when, and what withheld messages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.decide.journeys.document import END

TOTALS = "SELECT journey_id, state, count(*) FROM decide_enrolment WHERE arm = '' GROUP BY journey_id, state"
PLACES = """
SELECT state, step, count(*), count(*) FILTER (WHERE entered_at > %s) FROM decide_enrolment
WHERE journey_id = %s AND version_id = %s AND arm = '' GROUP BY state, step
"""
HELD_OUT = "SELECT count(*) FROM decide_enrolment WHERE version_id = %s AND journey_id = %s AND arm <> ''"
PASSED = "SELECT step, outcome, rule, count(*) FROM decide_step_log WHERE version = %s GROUP BY step, outcome, rule"
UNTIL = """
SELECT (t.due_at AT TIME ZONE %s)::date AS day, count(*)
FROM decide_timer t JOIN decide_enrolment e ON e.id = t.enrolment_id
WHERE t.version = %s AND e.step = %s AND e.state = 'waiting' GROUP BY day ORDER BY day
"""
STATES = ("waiting", "done", "goal", "exited")


@dataclass(frozen=True, slots=True)
class Totals:
    """Of a journey with all its versions; `done` reached the end of the way without the goal."""

    waiting: int = 0
    done: int = 0
    goal: int = 0
    exited: int = 0

    @property
    def entered(self) -> int:
        return self.waiting + self.done + self.goal + self.exited


@dataclass(frozen=True, slots=True)
class Ways:
    """`places` are (state, step) → people; `passed` are (step, outcome) → people; `withheld` (step, rule) → people.

    `open` are those at the end of the way who can still reach the goal; `held_out` would have come in."""

    places: Mapping[tuple[str, str], int] = field(default_factory=dict)
    passed: Mapping[tuple[str, str], int] = field(default_factory=dict)
    withheld: Mapping[tuple[str, str], int] = field(default_factory=dict)
    open: int = 0
    held_out: int = 0

    @property
    def entered(self) -> int:
        return sum(self.places.values())

    def standing(self, step: str) -> int:
        return self.places.get(("waiting", step), 0)

    def left(self, state: str, step: str) -> int:
        """Who went from this step to the goal or out."""
        return self.places.get((state, step), 0)

    def ended(self, state: str) -> int:
        return sum(count for (own, _), count in self.places.items() if own == state)

    def outcome(self, step: str, *outcomes: str) -> int:
        return sum(self.passed.get((step, each), 0) for each in outcomes)

    def arrived(self, step: str) -> int:
        went_on = sum(count for (own, _), count in self.passed.items() if own == step)
        return went_on + self.standing(step) + self.left("goal", step) + self.left("exited", step)

    def rules(self, steps: Iterable[str]) -> list[tuple[str, int]]:
        """What withheld messages at these steps, most often first."""
        wanted, found = set(steps), dict[str, int]()
        for (step, rule), count in self.withheld.items():
            if step in wanted:
                found[rule] = found.get(rule, 0) + count
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def totals(cur: Cursor) -> dict[UUID, Totals]:
    found: dict[UUID, dict[str, int]] = {}
    for journey, state, count in cur.execute(TOTALS).fetchall():
        found.setdefault(journey, {})[state] = count
    return {journey: Totals(**states) for journey, states in found.items()}


def of(cur: Cursor, journey: UUID, version: UUID, now: datetime, within: timedelta | None) -> Ways:
    """`within` is the time that the version gives its goal."""
    since = now - within if within else now
    places: dict[tuple[str, str], int] = {}
    still_open = 0
    for state, step, count, recent in cur.execute(PLACES, (since, journey, version)).fetchall():
        places[state, step] = count
        still_open += recent if state == "done" else 0
    passed: dict[tuple[str, str], int] = {}
    withheld: dict[tuple[str, str], int] = {}
    for step, outcome, rule, count in cur.execute(PASSED, (version,)).fetchall():
        passed[step, outcome] = passed.get((step, outcome), 0) + count
        if outcome == "withheld":
            withheld[step, rule] = count
    held_out = cur.execute(HELD_OUT, (version, journey)).fetchone()
    return Ways(places, passed, withheld, still_open, held_out[0] if held_out else 0)


def until(cur: Cursor, version: UUID, step: str, zone: str) -> list[tuple[date, int]]:
    """The days on which those who wait here go on, as far as nothing happens before."""
    if step == END:
        return []
    return [(day, count) for day, count in cur.execute(UNTIL, (zone, version, step)).fetchall()]
