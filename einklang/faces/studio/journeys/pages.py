"""Journeys: the list, and one version with its picture, its numbers and the step that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys import funnel, inspect, words
from einklang.faces.studio.journeys.picture import FEW, Links, Picture, picture
from einklang.faces.studio.journeys.words import Titles
from einklang.facts.content import read as content
from einklang.facts.content import topics
from einklang.facts.people import read as people
from einklang.loop.decide.journeys import drafts, store, ways
from einklang.loop.decide.journeys.document import Journey, Message
from einklang.loop.decide.journeys.drafts import Draft
from einklang.loop.decide.journeys.store import Published, Row
from einklang.loop.decide.journeys.ways import Totals, Ways
from einklang.ui import locale, numbers
from einklang.ui.components import Figure
from einklang.ui.text import t

STATES = {
    "active": ("ok", "check", "Veröffentlicht", "Published"),
    "paused": ("warn", "pause", "Angehalten", "Paused"),
    "stopping": ("warn", "hourglass-medium", "Wird beendet", "Being stopped"),
    "stopped": ("", "archive", "Beendet", "Stopped"),
}
TABLE = "tabelle"


@dataclass(frozen=True)
class Shown:
    """A journey with its state in words; `by` is who switched it last."""

    row: Row
    title: str
    mark: str
    icon: str
    state: str
    by: str = ""

    @property
    def runs(self) -> bool:
        return self.row.state in ("active", "paused")


@dataclass(frozen=True)
class Opened:
    """One version with its numbers."""

    journey: Shown
    versions: Sequence[Published]
    version: Published
    plan: Journey
    ways: Ways
    titles: Titles

    @property
    def is_newest(self) -> bool:
        return self.version.id == self.versions[-1].id


@require_safe
@studio_view("studio.journeys")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    counted = ways.totals(agent.cur)
    state = request.GET.get("zustand", "")
    found = [shown(row) for row in store.listing(agent.cur)]
    chosen = [(each, counted.get(each.row.id, Totals())) for each in found if state in ("", each.row.state)]
    begun = drafts.listing(agent.cur) if agent.may("studio.journeys.control") else []
    names = people.users(agent.cur, {each.updated_by for each in begun})
    return page(
        request,
        agent,
        "journeys",
        journeys=chosen,
        state=state,
        states=[(name, t(*STATES[name][2:]), sum(each.row.state == name for each in found)) for name in STATES],
        total=len(found),
        drafts=[(each, _draft_title(each, found), names[each.updated_by].name) for each in begun],
        controls=agent.may("studio.journeys.control"),
    )


@require_safe
@studio_view("studio.journeys")
def detail(request: HttpRequest, agent: Agent, journey: UUID, step: str = "") -> HttpResponse:
    opened = open_version(agent, journey, request.GET.get("fassung", ""))
    if step and step not in opened.plan.steps:
        raise Http404
    chosen = step or _first(opened.plan)
    return page(
        request,
        agent,
        "journey",
        opened=opened,
        journey=opened.journey,
        tab="flow",
        figures=_figures(opened),
        as_table=request.GET.get("ansicht") == TABLE,
        table=inspect.table(opened.plan, opened.ways, opened.titles),
        picture=_picture(opened, chosen),
        funnel=funnel.of(opened.plan, opened.ways, opened.titles),
        step=inspect.step(agent, opened.version, opened.plan, opened.ways, chosen, titles=opened.titles),
        query=_query(request, opened),
        controls=agent.may("studio.journeys.control"),
        verdicts=agent.may("studio.verdicts"),
    )


def open_version(agent: Agent, journey: UUID, number: str = "") -> Opened:
    row = find(agent, journey)
    versions = store.versions(agent.cur, journey)
    version = next((each for each in versions if str(each.number) == number), None)
    if version is None and number:
        raise Http404
    version = version or versions[-1]
    plan = store.parsed(version.id, version.document)
    within = plan.goal.within if plan.goal else None
    counted = ways.of(agent.cur, journey, version.id, agent.now, within)
    return Opened(named(agent, row), versions, version, plan, counted, titles(agent, plan))


def find(agent: Agent, journey: UUID) -> Row:
    found = store.listing(agent.cur, journey)
    if not found:
        raise Http404
    return found[0]


def titles(agent: Agent, plan: Journey) -> dict[str, str]:
    """Of the content that the steps name, as far as it is approved, and of all topics."""
    live, language = content.live(agent.cur, plan.contents, agent.now), locale.current()
    about = {words.TOPIC + slug: topic.name.in_(language) for slug, topic in topics.load(agent.cur).items()}
    return about | {slug: version.title(language) for slug, version in live.items()}


def shown(row: Row, by: str = "") -> Shown:
    mark, icon, de, en = STATES[row.state]
    return Shown(row, row.title.in_(locale.current()), mark, icon, t(de, en), by)


def named(agent: Agent, row: Row) -> Shown:
    by = people.users(agent.cur, {row.switched_by}) if row.switched_by else {}
    return shown(row, by[row.switched_by].name if row.switched_by else "")


def _draft_title(draft: Draft, found: Sequence[Shown]) -> str:
    known = next((each.title for each in found if each.row.id == draft.journey), "")
    return known or t("Neue Journey", "New journey")


def _first(plan: Journey) -> str:
    """The step that is open where none is chosen: the first message, since most is to be told of it."""
    mails = [name for name in plan.order if isinstance(plan.steps[name], Message)]
    return mails[0] if mails else plan.start


def _picture(opened: Opened, chosen: str) -> Picture:
    address = reverse("studio:journey-step", args=[opened.journey.row.id, "STEP"])
    if not opened.is_newest:
        address += f"?fassung={opened.version.number}"
    return picture(opened.plan, opened.titles, opened.ways, Links(address, chosen))


def _query(request: HttpRequest, opened: Opened) -> str:
    """What the links between picture and table keep."""
    return "" if opened.is_newest else f"fassung={opened.version.number}&"


def _figures(opened: Opened) -> list[Figure]:
    counted = opened.ways
    mails = [name for name, step in opened.plan.steps.items() if isinstance(step, Message)]
    planned = sum(counted.outcome(name, "planned") for name in mails)
    withheld = sum(counted.outcome(name, "withheld") for name in mails)
    reasons = len(counted.rules(mails))
    asked, entered = planned + withheld, counted.entered
    return [
        _figure(t("Aufgenommen", "Taken in"), entered, t("in dieser Fassung", "in this version")),
        _figure(t("Unterwegs", "On the way"), counted.ended("waiting"), _of(entered)),
        _figure(t("Freigegeben", "Allowed"), planned, inspect.share(planned, asked), key="sent"),
        _figure(
            t("Zurückgehalten", "Withheld"),
            withheld,
            t(
                f"{inspect.share(withheld, asked)}; Gründe: {reasons}",
                f"{inspect.share(withheld, asked)}; reasons: {reasons}",
            ),
            key="held",
        ),
        _goal(opened),
    ]


def _goal(opened: Opened) -> Figure:
    goal = opened.plan.goal
    if goal is None:
        return _figure(t("Weg beendet", "Way ended"), opened.ways.ended("done"), _of(opened.ways.entered), wide=True)
    reached, entered = opened.ways.ended("goal"), opened.ways.entered
    name = t("Ziel: ", "Goal: ") + words.condition(goal.condition, opened.titles)
    if entered < FEW:
        few = t(f"{_of(entered)}; für einen Anteil zu wenige Daten", f"{_of(entered)}; too few data for a share")
        return _figure(name, reached, few, wide=True)
    value = numbers.percent(100 * reached / entered, 1)
    return Figure(label=name, value=value, of=f"{numbers.number(reached)} {_of(entered)}", wide=True)


def _of(entered: int) -> str:
    return t(f"von {numbers.number(entered)} Aufgenommenen", f"of {numbers.number(entered)} taken in")


def _figure(label: str, value: int, of: str, *, key: Literal["", "sent", "held"] = "", wide: bool = False) -> Figure:
    return Figure(label=label, value=numbers.number(value), of=of, key=key, wide=wide)
