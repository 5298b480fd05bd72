"""The experiments of a journey version as tables: a row per person, her variant, and a one for each goal she met.

A person counts once, with her first entry into the version and from the moment her lot was drawn, whatever became of
her afterwards: who left early or got nothing stays in the group that chance put her in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.decide.journeys.document import Journey, Split

ALONG = "journey"  # the variant of those whom a hold-out does not hold out
SETTINGS_SINCE = "SELECT percent, set_at <= %s FROM decide_holdout ORDER BY id DESC LIMIT 1"
ROWS = """
SELECT first.variant, {goals}
FROM (
    SELECT DISTINCT ON (e.person_id) e.id, {variant} AS variant FROM decide_enrolment AS e
    WHERE e.version_id = '{version}' AND {counts} ORDER BY e.person_id, e.entered_at, e.id
) AS first
"""
MET = "(SELECT COUNT(*) FROM decide_goal AS g WHERE g.enrolment_id = first.id AND g.name = '{name}') AS {column}"
ARM = f"CASE e.arm WHEN '' THEN '{ALONG}' ELSE e.arm END"
DRAWN = "e.variables -> 'outcomes' ->> '{step}'"


@dataclass(frozen=True, slots=True)
class Experiment:
    """`shares` by variant, the one to compare with first; None where chance has changed meanwhile.

    `query` has the columns `variant` and, in the order of the journey's goals, `goal_0`, `goal_1` …
    """

    step: str
    variants: tuple[str, ...]
    shares: tuple[float, ...] | None
    query: str


def experiments(cur: Cursor, version: UUID, plan: Journey) -> list[Experiment]:
    return list(_experiments(cur, version, plan)) if plan.every_goal else []


def columns(plan: Journey) -> list[str]:
    return [f"goal_{number}" for number in range(len(plan.every_goal))]


def _experiments(cur: Cursor, version: UUID, plan: Journey) -> Iterator[Experiment]:
    for name in plan.order:
        if isinstance(step := plan.steps[name], Split):
            drawn = DRAWN.format(step=name)
            query = _query(version, plan, drawn, f"e.arm = '' AND NOT {drawn} IS NULL")
            yield Experiment(name, tuple(way.name for way in step.ways), tuple(way.share for way in step.ways), query)
    if not plan.promotional:
        return
    if plan.holdout:
        query = _query(version, plan, ARM, "e.arm IN ('', 'holdout')")
        yield Experiment("holdout", ("holdout", ALONG), (plan.holdout, 100 - plan.holdout), query)
    yield from _of_the_house(cur, version, plan)


def _of_the_house(cur: Cursor, version: UUID, plan: Journey) -> Iterator[Experiment]:
    row = cur.execute(SETTINGS_SINCE, (_published(cur, version),)).fetchone()
    if row and row[0]:
        percent, unchanged = row
        along = (100 - percent) * (100 - plan.holdout) / 100
        query = _query(version, plan, ARM, "e.arm IN ('', 'global')")
        yield Experiment("global", ("global", ALONG), (percent, along) if unchanged else None, query)


def _published(cur: Cursor, version: UUID) -> object:
    row = cur.execute("SELECT published_at FROM decide_version WHERE id = %s", (version,)).fetchone()
    return row[0] if row else None


def _query(version: UUID, plan: Journey, variant: str, counts: str) -> str:
    """Names come from a checked document and hold nothing that needs quoting."""
    goals = ", ".join(
        MET.format(name=goal.name, column=column)
        for goal, column in zip(plan.every_goal, columns(plan), strict=True)
    )  # fmt: skip
    return ROWS.format(goals=goals, variant=variant, version=version, counts=counts)
