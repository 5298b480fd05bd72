"""What the gate answered, as numbers: for those who see names and for those who see none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from einklang.faces.studio import words
from einklang.faces.studio.access import Agent
from einklang.loop.gate import survey
from einklang.loop.gate.survey import Week, Withheld
from einklang.ui import locale, numbers
from einklang.ui.components import Bar, Chart, Figure, Series
from einklang.ui.text import t

COUNTED = timedelta(days=30)
CHARTED = timedelta(days=84)
SMALLEST_GROUP = 5


@dataclass(frozen=True)
class Rule:
    """One reason why something was withheld, with what it would take."""

    rule: str
    text: str
    way_out: str
    persons: str
    alone: str
    questions: int
    bar: Bar


def counts(agent: Agent, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Of the last 30 days, unless the filters name another time; the chart goes back twelve weeks."""
    lately = {**wanted, "since": wanted["since"] or agent.now - COUNTED}
    answers = survey.answers(agent.cur, **lately)
    return {
        "figures": figures(answers),
        "rules": _rules(survey.withheld(agent.cur, **lately), named=agent.may("studio.verdicts")),
        "days": None if wanted["since"] else COUNTED.days,
        "chart": weekly(survey.weeks(agent.cur, **{**wanted, "since": wanted["since"] or agent.now - CHARTED})),
    }


def rules(agent: Agent, since: datetime) -> list[Rule]:
    return _rules(survey.withheld(agent.cur, since=since), named=agent.may("studio.verdicts"))


def weekly(weeks: Sequence[Week]) -> Chart | None:
    """A share needs two weeks to be compared."""
    if len(weeks) < 2:
        return None
    yes = [week.answers.get("yes", 0) for week in weeks]
    held = [sum(week.answers.values()) - allowed for week, allowed in zip(weeks, yes, strict=True)]
    first, last = (100 * held[at] / max(held[at] + yes[at], 1) for at in (0, -1))
    told = t(
        f"Nicht erlaubt waren in der ersten Woche {numbers.percent(first)}, in der letzten {numbers.percent(last)}.",
        f"Not allowed were {numbers.percent(first)} in the first week and {numbers.percent(last)} in the last.",
    )
    return Chart(
        id="weekly",
        title=t("Antworten der Prüfung je Woche", "Answers of the gate by week"),
        finding=told,
        axis=t("Woche ab", "Week from"),
        kind="stack",
        columns=[numbers.short_day(week.start) for week in weeks],
        series=[
            Series(name=t("Erlaubt", "Allowed"), values=yes),
            Series(name=t("Nicht erlaubt", "Not allowed"), values=held, key="held"),
        ],
    )


def at_least(number: int, *, named: bool) -> str:
    """Who sees no names sees no group so small that it has one."""
    if named or number == 0 or number >= SMALLEST_GROUP:
        return numbers.number(number)
    return t(f"unter {SMALLEST_GROUP}", f"under {SMALLEST_GROUP}")


def figures(answers: Mapping[str, int]) -> list[Figure]:
    total = sum(answers.values())
    told = [
        Figure(
            label=t("Gefragt", "Asked"),
            value=numbers.number(total),
            of=t("Fragen an die Prüfung", "questions to the gate"),
        )
    ]
    for name, key in (("yes", "sent"), ("no", "held"), ("not_before", "")):
        number = answers.get(name, 0)
        of = t(
            f"{_share(number, total)} von {numbers.number(total)}",
            f"{_share(number, total)} of {numbers.number(total)}",
        )
        told.append(Figure(label=words.answer(name), value=numbers.number(number), of=of, key=key))  # type: ignore[arg-type]
    return told


def _share(part: int, total: int) -> str:
    return numbers.percent(100 * part / total, 1) if total else "–"


def _rules(found: Sequence[Withheld], *, named: bool) -> list[Rule]:
    most = max((each.persons for each in found), default=1) or 1
    language = locale.current()
    return [
        Rule(
            rule=each.rule,
            text=each.reason.text(language),
            way_out=each.reason.way_out(language),
            persons=at_least(each.persons, named=named),
            alone=at_least(each.alone, named=named),
            questions=each.questions,
            bar=Bar(value=each.persons, total=most, tone="hold"),
        )
        for each in found
    ]
