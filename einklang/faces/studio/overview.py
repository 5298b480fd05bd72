"""What a working day begins with: what and state, figures, the picture, what waits for somebody, charts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from einklang.core import clock
from einklang.faces.studio import groups, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.operations import health, rests
from einklang.faces.studio.record import pressure, verdict_numbers
from einklang.facts.consent import browse as ledger
from einklang.facts.people import browse
from einklang.loop.decide.journeys import store
from einklang.loop.gate import census, survey
from einklang.loop.interactions import pressure as contacts
from einklang.ui import locale, numbers
from einklang.ui.components import Chart, Figure
from einklang.ui.text import t

COUNTED = timedelta(days=30)
CHARTED = timedelta(days=84)
RUNNING = ("active", "paused", "stopping")


@dataclass(frozen=True)
class Waiting:
    """Something that somebody has to look at."""

    icon: str
    mark: str
    title: str
    detail: str
    href: str


@require_safe
@studio_view("studio.open")
def overview(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Each part is there for whom the roles open it; who has none is told so."""
    if not agent.places[1:]:
        return page(request, agent, "nothing")
    counted = agent.may("studio.verdicts.count")
    return page(
        request,
        agent,
        "overview",
        figures=_figures(agent),
        waiting=_waiting(agent),
        rules=verdict_numbers.rules(agent, agent.now - COUNTED)[:5] if counted else [],
        journeys=_journeys(agent) if agent.may("studio.journeys") else [],
        chart=_chart(agent) if counted else None,
        distribution=pressure.chart(agent) if agent.may("studio.pressure") else None,
        days=COUNTED.days,
        named=agent.may("studio.people") or agent.may("studio.verdicts"),
    )


def _figures(agent: Agent) -> list[Figure]:
    told = []
    if agent.may("studio.verdicts.count"):
        answers = survey.answers(agent.cur, since=agent.now - COUNTED)
        told += verdict_numbers.figures(answers, named=agent.may("studio.verdicts"))[1:3]
    if agent.may("studio.messages.count"):
        told.append(_messages(agent))
    if agent.may("studio.consents"):
        told.append(_consents(agent))
    if agent.may("studio.pressure"):
        told.append(_approached(agent))
    return told


def _messages(agent: Agent) -> Figure:
    seen, named = census.look(agent.cur), agent.may("studio.messages")
    counts, total = seen.states, groups.told(seen.total, named=named)
    return Figure(
        label=t("Nachrichten warten", "Messages waiting"),
        value=groups.told(counts.get("planned", 0) + counts.get("held", 0), named=named),
        of=t(f"von {total} insgesamt", f"of {total} in all") + _ago(seen),
    )


def _ago(seen: census.Census) -> str:
    if seen.at is None:
        return ""
    span = numbers.span(clock.real_now() - seen.at)
    return t(f", gezählt vor {span}", f", counted {span} ago")


def _consents(agent: Agent) -> Figure:
    states = ledger.totals(agent.cur).get("email", {})
    people = numbers.number(browse.total(agent.cur, agent.now))
    return Figure(
        label=t("Einwilligung für E\u2011Mail", "Consent for e\u2011mail"),
        value=numbers.number(states.get("granted", 0)),
        of=t(f"von {people} Personen", f"of {people} people"),
    )


def _approached(agent: Agent) -> Figure:
    most, days = pressure.limit(agent)
    found = contacts.contacts(agent.cur, agent.now - timedelta(days=days), agent.now)
    reached = sum(sum(by.values()) >= most for by in found.values())
    named = agent.may("studio.people")
    people = groups.told(len(found), named=named)
    return Figure(
        label=t("Kontaktlimit erreicht", "Contact limit reached"),
        value=groups.told(reached, named=named),
        of=t(f"von {people} Angesprochenen in {days} Tagen", f"of {people} approached in {days} days"),
    )


def _waiting(agent: Agent) -> list[Waiting]:
    found = [_rests(each) for each in rests.shown(agent)] if agent.may("studio.health") else []
    if agent.may("studio.health") and not (state := health.health(agent.cur, agent.now))["ok"]:
        lagging = [lag["name"] for lag in state["consumers"] if lag["seconds"] >= health.LATE.total_seconds()]
        told = ", ".join(lagging) or t("Nachrichten sind ungewiss", "messages are uncertain")
        found.append(
            Waiting("pulse", "warn", t("Etwas bleibt zurück", "Something lags behind"), told, reverse("studio:health"))
        )
    if agent.may("studio.messages"):
        found += _messages_waiting(agent)
    return found


def _rests(one: rests.Shown) -> Waiting:
    return Waiting("pause", "danger", t(f"{one.name} ruht", f"{one.name} rests"), one.what, reverse("studio:health"))


def _messages_waiting(agent: Agent) -> list[Waiting]:
    counts = census.look(agent.cur).states
    told = {
        "uncertain": t("Niemand weiß, ob sie ankamen", "Nobody knows whether they arrived"),
        "held": t("Sie gehen erst weiter, wenn jemand sie freigibt", "They go on only when somebody releases them"),
        "failed": t("Sie kamen nicht an", "They did not arrive"),
    }
    address = reverse("studio:messages")
    return [
        Waiting(
            *_sign(state),
            f"{words.state(state)}: {numbers.number(counts[state])}",
            sentence,
            f"{address}?zustand={state}",
        )
        for state, sentence in told.items()
        if counts.get(state)
    ]


def _sign(state: str) -> tuple[str, str]:
    return {"uncertain": ("warning", "warn"), "held": ("pause", "warn")}.get(state, ("warning", "danger"))


def _journeys(agent: Agent) -> list[dict[str, Any]]:
    running = [row for row in store.listing(agent.cur) if row.state in RUNNING]
    return [
        {
            "title": row.title.in_(locale.current()),
            "href": reverse("studio:journey", args=[row.id]),
            "since": row.published_at,
            "number": row.number,
            "paused": row.state != "active",
        }
        for row in running
    ]


def _chart(agent: Agent) -> Chart | None:
    weeks = survey.weeks(agent.cur, since=agent.now - CHARTED)
    return verdict_numbers.weekly(weeks, named=agent.may("studio.verdicts"))
