"""One step of a journey version, as far as counts go: what it does, who was there, what was withheld, who waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from einklang.faces.studio.access import Agent
from einklang.faces.studio.journeys import words
from einklang.faces.studio.journeys.picture import FEW, onward
from einklang.faces.studio.journeys.words import Titles
from einklang.facts.content import read as content
from einklang.facts.content.read import Version
from einklang.loop.decide.journeys import ways as counting
from einklang.loop.decide.journeys.document import Journey, Message, Suggest
from einklang.loop.decide.journeys.store import Published
from einklang.loop.decide.journeys.wake import NOTHING_TO_SEND
from einklang.loop.decide.journeys.ways import Ways
from einklang.loop.gate import queue
from einklang.ui import numbers
from einklang.ui.components import Bar, Figure
from einklang.ui.text import t

DAYS_SHOWN = 7
CONSENT = "DE-CON-01"


@dataclass(frozen=True)
class Reason:
    text: str
    rule: str
    people: int
    bar: Bar


@dataclass(frozen=True)
class Waiting:
    day: date
    people: int
    bar: Bar


@dataclass(frozen=True)
class Step:
    """`queued` messages are allowed and have not left yet; `reachable` lack only their consent."""

    name: str
    number: int
    when: str
    icon: str
    kind: str
    title: str
    does: str
    figures: Sequence[Figure]
    reasons: Sequence[Reason]
    reachable: int
    waiting: Sequence[Waiting]
    later: int
    queued: int
    outgoing: Sequence[Version]


@dataclass(frozen=True)
class TableRow:
    name: str
    icon: str
    kind: str
    title: str
    arrived: int
    standing: int
    outcomes: Sequence[tuple[str, int]]
    bar: Bar


def share(part: int, whole: int) -> str:
    of = t(f"von {numbers.number(whole)} geprüften", f"of {numbers.number(whole)} checked")
    return of if whole < FEW else f"{numbers.percent(100 * part / whole, 1)} {of}"


def step(agent: Agent, version: Published, plan: Journey, ways: Ways, name: str, *, titles: Titles) -> Step:
    own = plan.steps[name]
    until = counting.until(agent.cur, version.id, name, str(plan.zone))
    most = max((count for _, count in until), default=1)
    outgoing = _outgoing(agent, own)
    queued = queue.waiting(agent.cur, [version.id])
    return Step(
        name=name,
        number=plan.order.index(name) + 1,
        when=words.day(words.days(plan)[name]),
        icon=words.icon(own),
        kind=words.kind(own),
        title=words.title(own, titles),
        does=words.does(own, titles),
        figures=_figures(ways, name, plan),
        reasons=_reasons(ways, name),
        reachable=ways.withheld.get((name, CONSENT), 0),
        waiting=[Waiting(day, count, Bar(value=count, total=most)) for day, count in until[:DAYS_SHOWN]],
        later=sum(count for _, count in until[DAYS_SHOWN:]),
        queued=sum(queued.get((version.id, each.id), 0) for each in outgoing) if isinstance(own, Message) else 0,
        outgoing=outgoing,
    )


def table(plan: Journey, ways: Ways, titles: Titles) -> list[TableRow]:
    return [_row(plan, ways, titles, name) for name in plan.order]


def _row(plan: Journey, ways: Ways, titles: Titles, name: str) -> TableRow:
    own, arrived = plan.steps[name], ways.arrived(name)
    bar = Bar(value=arrived, total=max(ways.entered, 1))
    return TableRow(
        name, words.icon(own), words.kind(own), words.title(own, titles), arrived, ways.standing(name),
        _outcomes(plan, ways, name), bar,
    )  # fmt: skip


def _outcomes(plan: Journey, ways: Ways, name: str) -> list[tuple[str, int]]:
    found = [(words.outcome(outcome), ways.outcome(name, outcome)) for outcome, _ in onward(plan, name)]
    left = [(words.outcome(state), ways.left(state, name)) for state in ("goal", "exited")]
    return [*found, *((label, count) for label, count in left if count)]


def _figures(ways: Ways, name: str, plan: Journey) -> list[Figure]:
    if isinstance(plan.steps[name], Message):
        planned, withheld = ways.outcome(name, "planned"), ways.outcome(name, "withheld")
        asked = planned + withheld
        return [
            _figure(t("Freigegeben", "Allowed"), planned, share(planned, asked), "sent"),
            _figure(t("Zurückgehalten", "Withheld"), withheld, share(withheld, asked), "held"),
        ]
    arrived, standing = ways.arrived(name), ways.standing(name)
    of = t(f"von {numbers.number(ways.entered)} Aufgenommenen", f"of {numbers.number(ways.entered)} taken in")
    here = t(f"von {numbers.number(arrived)} Angekommenen", f"of {numbers.number(arrived)} arrived")
    return [
        _figure(t("Angekommen", "Arrived"), arrived, of),
        _figure(t("Jetzt hier", "Here now"), standing, here),
    ]


def _figure(label: str, value: int, of: str, key: Literal["", "sent", "held"] = "") -> Figure:
    return Figure(label=label, value=numbers.number(value), of=of, key=key)


def _reasons(ways: Ways, name: str) -> list[Reason]:
    found = ways.rules([name])
    total = sum(count for _, count in found)
    return [
        Reason(
            words.rule(rule), "" if rule == NOTHING_TO_SEND else rule, count, Bar(value=count, total=total, tone="hold")
        )
        for rule, count in found
    ]


def _outgoing(agent: Agent, own: object) -> list[Version]:
    match own:
        case Message(content=slug):
            slugs: Sequence[str] = (slug,)
        case Suggest(content_slugs=named):
            slugs = named
        case _:
            return []
    live = content.live(agent.cur, slugs, agent.now)
    return [live[slug] for slug in slugs if slug in live]
