"""What the gate answered, as numbers: for those who see names and for those who see none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from einklang.faces.studio import groups, words
from einklang.faces.studio.access import Agent
from einklang.loop.gate import survey
from einklang.loop.gate.survey import Week, Withheld
from einklang.ui import locale, numbers
from einklang.ui.components import Bar, Chart, Figure, Series
from einklang.ui.text import t

COUNTED = timedelta(days=30)
CHARTED = timedelta(days=84)
FEW = 30  # answers; below that a share says nothing


@dataclass(frozen=True)
class Rule:
    """One reason why something was withheld, with what it would take."""

    rule: str
    text: str
    way_out: str
    persons: str
    alone: str
    bar: Bar


def counts(agent: Agent, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of the last 30 days, unless the filters name another time; the chart goes back twelve weeks."""
    lately = {**wanted, "since": wanted["since"] or agent.now - COUNTED}
    named = agent.may("studio.verdicts")
    return {
        "figures": figures(survey.answers(agent.cur, **lately), named=named),
        "rules": _rules(survey.withheld(agent.cur, **lately), named=named),
        "days": None if wanted["since"] else COUNTED.days,
        "chart": weekly(
            survey.weeks(agent.cur, **{**wanted, "since": wanted["since"] or agent.now - CHARTED}), named=named
        ),
    }


def rules(agent: Agent, since: datetime) -> list[Rule]:
    return _rules(survey.withheld(agent.cur, since=since), named=agent.may("studio.verdicts"))


def weekly(weeks: Sequence[Week], *, named: bool) -> Chart | None:
    """A share needs two weeks to be compared."""
    if len(weeks) < 2:
        return None
    answers = [(week.answers.get("yes", 0), sum(week.answers.values())) for week in weeks]
    yes = [groups.drawn(allowed, named=named) for allowed, _ in answers]
    held = [groups.drawn(asked - allowed, named=named) for allowed, asked in answers]
    return Chart(
        id="weekly",
        title=t("Antworten der Prüfung je Woche", "Answers of the gate by week"),
        finding=_course(answers, named=named),
        axis=t("Woche ab", "Week from"),
        kind="stack",
        columns=[numbers.short_day(week.start) for week in weeks],
        series=[
            Series(name=t("Erlaubt", "Allowed"), values=yes),
            Series(name=t("Nicht erlaubt", "Not allowed"), values=held, key="held"),
        ],
    )


def _course(answers: Sequence[tuple[int, int]], *, named: bool) -> str:
    """Of allowed and asked in each week. From few answers no share is told."""
    if min(answers[0][1], answers[-1][1]) >= FEW:
        first, last = (numbers.percent(_kept(*answers[at], named=named)) for at in (0, -1))
        return t(
            f"Nicht erlaubt waren in der ersten Woche {first}, in der letzten {last}.",
            f"Not allowed were {first} in the first week and {last} in the last.",
        )
    yes, asked = (sum(column) for column in zip(*answers, strict=True))
    allowed, held = groups.told(yes, named=named), groups.told(asked - yes, named=named)
    return t(
        f"Antworten in {len(answers)} Wochen: {allowed} erlaubt, {held} nicht.",
        f"Answers in {len(answers)} weeks: {allowed} allowed, {held} not.",
    )


def _kept(allowed: int, asked: int, *, named: bool) -> float:
    yes, held = groups.shown(allowed, named=named), groups.shown(asked - allowed, named=named)
    return 100 * held / max(yes + held, 1)


def figures(answers: Mapping[str, int], *, named: bool) -> list[Figure]:
    asked = sum(answers.values())
    total = groups.shown(asked, named=named)
    told = [
        Figure(
            label=t("Gefragt", "Asked"),
            value=groups.told(asked, named=named),
            of=t("Fragen an die Prüfung", "questions to the gate"),
        )
    ]
    for name, key in (("yes", "sent"), ("no", "held"), ("not_before", "")):
        number = answers.get(name, 0)
        share = _share(groups.shown(number, named=named), total)
        of = t(f"{share} von {numbers.number(total)}", f"{share} of {numbers.number(total)}")
        value = groups.told(number, named=named)
        told.append(Figure(label=words.answer(name), value=value, of=of, key=key))  # type: ignore[arg-type]
    return told


def _share(part: int, total: int) -> str:
    return numbers.percent(100 * part / total, 1) if total else "–"


def _rules(found: Sequence[Withheld], *, named: bool) -> list[Rule]:
    most = max((groups.shown(each.persons, named=named) for each in found), default=1) or 1
    language = locale.current()
    return [
        Rule(
            rule=each.rule,
            text=each.reason.text(language),
            way_out=each.reason.way_out(language),
            persons=groups.told(each.persons, named=named),
            alone=groups.told(each.alone, named=named),
            bar=Bar(value=groups.shown(each.persons, named=named), total=most, tone="hold"),
        )
        for each in found
    ]
