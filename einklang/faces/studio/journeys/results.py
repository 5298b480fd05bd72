"""What the experiments of a journey version say: rates by variant, differences with intervals, and chance's share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio import export, groups, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys import words
from einklang.faces.studio.journeys.pages import find, named, titles
from einklang.faces.studio.journeys.words import Titles
from einklang.faces.studio.lists import Listing
from einklang.loop.decide.journeys import holdout, results, store
from einklang.loop.decide.journeys.document import PRIMARY, Journey, Split
from einklang.planning import experiments, jobs
from einklang.ui import charts, numbers
from einklang.ui.charts import PlottedChart
from einklang.ui.text import t

HEADER = ("experiment", "goal", "variant", "people", "reached", "rate", "lower", "difference", "upper", "p")


@dataclass(frozen=True)
class Goal:
    """`findings` are sentences, one for each variant beside the first."""

    name: str
    primary: bool
    chart: PlottedChart | None
    groups: Sequence[tuple[str, str, str]]
    findings: Sequence[str]


@dataclass(frozen=True)
class Experiment:
    title: str
    meaning: str
    uneven: bool
    unchecked: bool
    goals: Sequence[Goal]


@require_safe
@studio_view("studio.journeys")
def view(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponseBase:
    row = find(agent, journey)
    version = store.versions(agent.cur, journey)[-1]
    plan = store.parsed(version.id, version.document)
    done, newest = (jobs.latest(agent.cur, "results", journey, done=each) for each in (True, False))
    current = done if done and done.result and done.result["version"] == str(version.id) else None
    asked = Listing(request, agent, [])
    if asked.wants_csv and current and current.result:
        return export.answer(asked, f"results-{row.key}", HEADER, _lines(current.result, agent))
    return page(
        request,
        agent,
        "journey_results",
        journey=named(agent, row),
        tab="results",
        measured=bool(results.experiments(agent.cur, version.id, plan)),
        goals=bool(plan.every_goal),
        job=newest if newest and (newest.is_open or newest.state == "failed") else None,
        done=current,
        experiments=_experiments(current.result, plan, agent) if current and current.result else [],
        house=holdout.percent(agent.cur),
        named=agent.may("studio.people"),
        few=experiments.FEW,
        list=asked,
        controls=agent.may("studio.journeys.control"),
    )


@require_POST
@studio_view("studio.journeys")
def compute(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    find(agent, journey)
    version = store.versions(agent.cur, journey)[-1]
    with transaction.atomic():
        jobs.ask(
            agent.cur, "results", now=agent.now, journey=journey, wanted={"version": str(version.id)},
            by=agent.user.id,
        )  # fmt: skip
    toast.tell(request, t("Die Ergebnisse werden gerechnet.", "The results are being computed."))
    return redirect("studio:journey-results", journey=journey)


def _experiments(told: Mapping[str, Any], plan: Journey, agent: Agent) -> list[Experiment]:
    known = titles(agent, plan)
    return [_experiment(each, plan, known, agent) for each in told["experiments"]]


def _experiment(told: Mapping[str, Any], plan: Journey, known: Titles, agent: Agent) -> Experiment:
    return Experiment(
        title=_title(told["step"], plan),
        meaning=_meaning(told["step"], plan),
        uneven=told["srm"] is not None and told["srm"] < experiments.SUSPICIOUS,
        unchecked=told["shares"] is None,
        goals=[_goal(each, plan, known, agent) for each in told["goals"]],
    )


def _title(step: str, plan: Journey) -> str:
    if isinstance(plan.steps.get(step), Split):
        return t(f"Versuch „{words.place(step)}“", f"Experiment “{words.place(step)}”")
    if step == "holdout":
        return t("Mit der Journey und ohne sie", "With the journey and without it")
    return t("Mit den Journeys des Hauses und ganz ohne", "With the journeys of the house and without any")


def _meaning(step: str, plan: Journey) -> str:
    if isinstance(split := plan.steps.get(step), Split):
        return t(
            f"Verteilt nach dem Zufall: {words.shares(split)}. Verglichen wird mit „{split.ways[0].name}“.",
            f"Divided by chance: {words.shares(split)}. The comparison is with “{split.ways[0].name}”.",
        )
    return t(
        "Wer zurückgehalten wird, erfüllt den Anlass wie die anderen und erhält nichts. Das Ziel zählt für beide.",
        "Who is held out meets the occasion like the others and gets nothing. The goal counts for both.",
    )


def _goal(told: Mapping[str, Any], plan: Journey, known: Titles, agent: Agent) -> Goal:
    goal = next(each for each in plan.every_goal if each.name == told["name"])
    name = f"{words.condition(goal.condition, known)} · {numbers.span(goal.within)}"
    named = agent.may("studio.people")
    shown = [
        (_variant(each["name"]), groups.told(each["reached"], named=named), groups.told(each["people"], named=named))
        for each in told["groups"]
    ]
    return Goal(
        name=name,
        primary=told["name"] == PRIMARY,
        chart=_chart(told["groups"], _digits(named)),
        groups=shown,
        findings=list(_findings(told["groups"], named=named)),
    )


def _variant(name: str) -> str:
    known = {
        "holdout": t("ohne (zurückgehalten)", "without (held out)"),
        "global": t("ohne (Haus)", "without (house)"),
        results.ALONG: t("mit", "with"),
    }
    return known.get(name, name)


def _digits(named: bool) -> int:
    """Of a percentage: an exact one would tell those who see no names what the rounded counts do not."""
    return 1 if named else 0


def _chart(told: Sequence[Mapping[str, Any]], digits: int) -> PlottedChart | None:
    """One bar alone compares nothing."""
    bars = [_bar(each, digits) for each in told if "rate" in each]
    if len(bars) < 2:
        return None
    title = t("Wer das Ziel erreicht hat", "Who reached the goal")
    return charts.chart(
        {"title": title, "finding": t("Anteil mit 95-%-Bereich", "Share with 95% range"), "unit": "%", "bars": bars}
    )


def _bar(each: Mapping[str, Any], digits: int) -> dict[str, Any]:
    low, rate, high = (round(100 * value, digits) for value in each["rate"])
    return {"label": _variant(each["name"]), "value": rate, "low": low, "high": high}


def _findings(told: Sequence[Mapping[str, Any]], *, named: bool) -> Iterator[str]:
    control = _variant(told[0]["name"])
    for each in told[1:]:
        name = _variant(each["name"])
        if "difference" not in each:
            yield _too_few(name, control, groups.told(min(each["people"], told[0]["people"]), named=named))
        else:
            yield _difference(name, control, each["difference"], _digits(named))


def _too_few(name: str, control: str, smaller: str) -> str:
    return t(
        f"„{name}“ gegen „{control}“: noch zu wenige, um etwas zu sagen. In der kleineren Gruppe: {smaller}; "
        f"gebraucht werden {experiments.FEW}.",
        f"“{name}” against “{control}”: too few yet to say anything. In the smaller group: {smaller}; "
        f"{experiments.FEW} are needed.",
    )


def _difference(name: str, control: str, found: Sequence[float], digits: int) -> str:
    low, middle, high = (numbers.number(100 * value, digits).replace("-", "−") for value in found)
    if found[0] <= 0 <= found[2]:
        return t(
            f"„{name}“ gegen „{control}“: kein Unterschied erkennbar ({middle} Prozentpunkte, {low} bis {high}).",
            f"“{name}” against “{control}”: no difference to be seen ({middle} points, {low} to {high}).",
        )
    more = found[1] > 0
    points = numbers.number(abs(100 * found[1]), digits)
    return t(
        f"„{name}“ erreicht das Ziel {'häufiger' if more else 'seltener'} als „{control}“: um {points} Prozentpunkte "
        f"({low} bis {high}).",
        f"“{name}” reaches the goal {'more' if more else 'less'} often than “{control}”: by {points} points "
        f"({low} to {high}).",
    )


def _lines(result: Mapping[str, Any], agent: Agent) -> Iterator[Sequence[Any]]:
    """Groups that are too small for those who see no names are left out; of the others they see what the page shows."""
    named = agent.may("studio.people")
    smallest = 0 if named else groups.SMALLEST

    def share(value: float | str) -> float | str:
        return value if named or isinstance(value, str) else round(value, 2)

    for experiment in result["experiments"]:
        for goal in experiment["goals"]:
            for each in goal["groups"]:
                if each["people"] >= smallest and (each["reached"] >= smallest or not each["reached"]):
                    people, reached = (groups.shown(each[count], named=named) for count in ("people", "reached"))
                    rate = share(each.get("rate", ["", "", ""])[1])
                    ends = [share(end) for end in each.get("difference", ["", "", ""])]
                    yield (
                        experiment["step"], goal["name"], each["name"], people, reached, rate, *ends,
                        each.get("p", ""),
                    )  # fmt: skip
