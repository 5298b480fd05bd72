"""How far people get: those taken in, those at each message and suggestion, those at the goal. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from einklang.faces.studio.journeys import words
from einklang.faces.studio.journeys.picture import FEW
from einklang.faces.studio.journeys.words import Titles
from einklang.loop.decide.journeys.document import Journey, Message, Suggest
from einklang.loop.decide.journeys.ways import Ways
from einklang.ui import numbers
from einklang.ui.text import t


@dataclass(frozen=True)
class Stage:
    """Of `people` the rules kept the message from `withheld`."""

    icon: str
    title: str
    people: int
    total: int
    withheld: int = 0
    is_goal: bool = False

    @property
    def went_on(self) -> int:
        return self.people - self.withheld

    @property
    def share(self) -> str:
        return numbers.percent(100 * self.people / self.total) if self.total >= FEW else ""


@dataclass(frozen=True)
class Funnel:
    stages: list[Stage]
    finding: str


def of(plan: Journey, ways: Ways, titles: Titles) -> Funnel | None:
    """None where nobody was taken in."""
    if not ways.entered:
        return None
    return Funnel(list(_stages(plan, ways, titles)), _finding(plan, ways))


def _stages(plan: Journey, ways: Ways, titles: Titles) -> Iterator[Stage]:
    total = ways.entered
    yield Stage("sign-in", t("Aufgenommen", "Taken in"), total, total)
    for name in plan.order:
        step = plan.steps[name]
        if isinstance(step, Message | Suggest):
            withheld = ways.outcome(name, "withheld")
            yield Stage(words.icon(step), words.title(step, titles), ways.arrived(name), total, withheld)
    if plan.goal:
        title = t("Ziel: ", "Goal: ") + words.condition(plan.goal.condition, titles)
        yield Stage("flag", title, ways.ended("goal"), total, is_goal=True)


def _finding(plan: Journey, ways: Ways) -> str:
    entered = numbers.number(ways.entered)
    if plan.goal is None:
        done = numbers.number(ways.ended("done"))
        return t(f"Von {entered} Aufgenommenen sind {done} am Ende.", f"Of {entered} taken in {done} are at the end.")
    reached = numbers.number(ways.ended("goal"))
    return t(
        f"Von {entered} Aufgenommenen haben {reached} das Ziel erreicht.",
        f"Of {entered} taken in {reached} have reached the goal.",
    )
