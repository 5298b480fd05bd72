"""What an experiment says: rates, differences with intervals, and whether chance did its share.

Sums are made where the data lie (Ibis), the statistics by tea-tasting. Both are heavy and are loaded on use.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import results, store
from einklang.loop.decide.journeys.document import Journey

if TYPE_CHECKING:
    import ibis
    from tea_tasting.aggr import Aggregates

FEW = 30  # below that in a group no interval is shown: it would say more than is known
Z = 1.959964
SUSPICIOUS = 0.001  # so rarely chance alone divides people as unevenly


def of_version(cur: Cursor, version: UUID) -> dict[str, Any]:
    """JSON: `experiments`, each with its `variants`, `srm`, and for each goal the comparison with the first variant."""
    published = next(each for each in store.versions(cur, _journey(cur, version)) if each.id == version)
    plan = store.parsed(version, published.document)
    database = _database(cur)
    found = [
        _experiment(database.sql(each.query, schema=_schema(plan)), each, plan)
        for each in results.experiments(cur, version, plan)
    ]
    return {"version": str(version), "number": published.number, "experiments": found}


def analyse(
    sums: Mapping[str, Aggregates],
    variants: Sequence[str],
    goals: Sequence[str],
    shares: Sequence[float] | None = None,
) -> dict[str, Any]:
    """`sums` by variant; the first of `variants` is the one to compare with. Columns are `goal_0`, `goal_1` …"""
    people = {name: sums[name].count() if name in sums else 0 for name in variants}
    return {
        "variants": [{"name": name, "people": people[name]} for name in variants],
        "srm": _mismatch(people, shares) if shares else None,
        "goals": [
            {"name": goal, "groups": _goal(sums, variants, f"goal_{number}")} for number, goal in enumerate(goals)
        ],
    }


def read(table: ibis.Table, columns: Sequence[str]) -> dict[str, Aggregates]:
    """Counts, means and variances by variant: all that leaves the database."""
    from tea_tasting.aggr import read_aggregates

    found = read_aggregates(
        table, group_col="variant", has_count=True, mean_cols=list(columns), var_cols=list(columns), cov_cols=()
    )
    return {str(variant): sums for variant, sums in found.items()}


def _experiment(table: ibis.Table, each: results.Experiment, plan: Journey) -> dict[str, Any]:
    sums = read(table, results.columns(plan))
    goals = [goal.name for goal in plan.every_goal]
    return {"step": each.step, "shares": each.shares, **analyse(sums, each.variants, goals, each.shares)}


def _goal(sums: Mapping[str, Aggregates], variants: Sequence[str], column: str) -> list[dict[str, Any]]:
    """One for each variant; `difference` to the first is [lower, estimate, upper] at 95 %, where enough is known."""
    control = sums.get(variants[0])
    found = []
    for name in variants:
        own = sums.get(name)
        reached = round(own.mean(column) * own.count()) if own else 0
        group: dict[str, Any] = {"name": name, "people": own.count() if own else 0, "reached": reached}
        if group["people"] >= FEW:
            group["rate"] = wilson(reached, group["people"])
        if name != variants[0] and own and control and min(own.count(), control.count()) >= FEW:
            group |= _difference(control, own, column)
        found.append(group)
    return found


def wilson(reached: int, people: int) -> list[float]:
    """[lower, estimate, upper] of a share, at 95 % (Wilson 1927): never below 0, never above 1."""
    rate, spread = reached / people, Z * Z / people
    middle = (rate + spread / 2) / (1 + spread)
    half = Z * math.sqrt(rate * (1 - rate) / people + spread / (4 * people)) / (1 + spread)
    return [max(0.0, middle - half), rate, min(1.0, middle + half)]


def _difference(control: Aggregates, own: Aggregates, column: str) -> dict[str, Any]:
    """Of two proportions: the interval by Wald with own variances, p by Barnard's exact test or, of many, by z."""
    import tea_tasting as tt

    if not 0 < control.mean(column) + own.mean(column) < 2:
        return {"difference": [0.0, 0.0, 0.0], "p": 1.0}
    by_z = tt.Proportion(column, method="norm", equal_var=False, correction=False, confidence_level=0.95)
    said = by_z.analyze_aggregates(control, own)
    ends = (said.effect_size_ci_lower, said.effect_size, said.effect_size_ci_upper)
    tested = tt.Proportion(column, method="auto").analyze_aggregates(control, own)
    return {"difference": [float(each) for each in ends], "p": float(tested.pvalue)}


def _mismatch(people: Mapping[str, int], shares: Sequence[float]) -> float | None:
    """How often chance alone divides people at least as unevenly, corrected for the number of pairs."""
    import tea_tasting as tt
    from tea_tasting.aggr import Aggregates

    names = list(people)
    if min(sum(people.values()), *people.values()) < FEW:
        return None
    counted = {name: Aggregates(count_=count) for name, count in people.items()}
    ratio = dict(zip(names, shares, strict=True))
    found = [tt.SampleRatio(ratio).analyze(counted, names[0], name).pvalue for name in names[1:]]
    return min(1.0, float(min(found)) * len(found))


def _database(cur: Cursor) -> Any:
    import ibis

    return ibis.postgres.from_connection(cur.connection)


def _schema(plan: Journey) -> dict[str, str]:
    return {"variant": "string", **dict.fromkeys(results.columns(plan), "int64")}


def _journey(cur: Cursor, version: UUID) -> UUID:
    return store.journey_of(cur, version)
