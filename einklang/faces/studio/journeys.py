"""Journeys and their numbers; pausing, going on and stopping."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio.access import Agent, page, studio_view
from einklang.loop.decide.journeys import numbers as counting
from einklang.loop.decide.journeys import store
from einklang.loop.decide.journeys.numbers import Numbers, StepNumbers
from einklang.loop.decide.journeys.store import Row
from einklang.ui import locale, numbers
from einklang.ui.components import Bar, Figure
from einklang.ui.text import t

SWITCHES = {"pause": store.pause, "resume": store.resume, "stop": store.stop}
STATES = {
    "active": ("ok", "check", "Veröffentlicht", "Published"),
    "paused": ("warn", "pause", "Angehalten", "Paused"),
    "stopped": ("", "archive", "Beendet", "Stopped"),
}
STEPS = {
    "wait": ("hourglass-medium", "Warten", "Wait"),
    "wait_for": ("book-open-text", "Auf ein Zeichen warten", "Wait for a sign"),
    "branch": ("path", "Verzweigen", "Branch"),
    "message": ("envelope-simple", "Nachricht", "Message"),
    "suggest": ("handshake", "Vorschlag an den Außendienst", "Suggestion to the rep"),
}
OUTCOMES = {
    "waited": ("weiter", "went on"),
    "planned": ("geplant", "planned"),
    "withheld": ("zurückgehalten", "withheld"),
    "happened": ("Zeichen gesehen", "sign seen"),
    "timeout": ("Zeit abgelaufen", "time ran out"),
    "suggested": ("vorgeschlagen", "suggested"),
    "then": ("ja", "yes"),
    "else": ("nein", "no"),
}


@dataclass(frozen=True)
class Shown:
    row: Row
    title: str
    mark: str
    icon: str
    state: str


@dataclass(frozen=True)
class Step:
    numbers: StepNumbers
    icon: str
    kind: str
    outcomes: list[tuple[str, int]]
    bar: Bar


@require_safe
@studio_view("studio.journeys")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = [(_shown(row), counting.numbers(agent.cur, row.id)) for row in store.listing(agent.cur)]
    return page(request, agent, "journeys", journeys=found)


@require_safe
@studio_view("studio.journeys")
def detail(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    row = _row(agent, journey)
    counted = counting.numbers(agent.cur, journey)
    return page(
        request,
        agent,
        "journey",
        journey=_shown(row),
        figures=_figures(counted),
        steps=[_step(each, counted.entered) for each in counted.steps],
        versions=store.versions(agent.cur, journey)[::-1],
        controls=agent.may("studio.journeys.control"),
    )


@require_POST
@studio_view("studio.journeys.control")
def switch(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    change = SWITCHES.get(request.POST.get("act", ""))
    if change is None:
        return HttpResponseBadRequest()
    with transaction.atomic():
        change(agent.cur, journey, agent.now)
    state = _shown(_row(agent, journey)).state
    messages.success(request, t(f"Die Journey ist jetzt: {state}.", f"The journey is now: {state}."))
    return redirect("studio:journey", journey=journey)


def _row(agent: Agent, journey: UUID) -> Row:
    found = store.listing(agent.cur, journey)
    if not found:
        raise Http404
    return found[0]


def _shown(row: Row) -> Shown:
    mark, icon, de, en = STATES[row.state]
    return Shown(row, row.title.in_(locale.current()), mark, icon, t(de, en))


def _figures(counted: Numbers) -> list[Figure]:
    entered = numbers.number(counted.entered)
    of = t(f"von {entered} Aufgenommenen", f"of {entered} taken in")
    since = t("seit der Veröffentlichung", "since publication")
    shown = (
        (t("Aufgenommen", "Taken in"), counted.entered, since),
        (t("Unterwegs", "On the way"), counted.waiting, of),
        (t("Weg beendet", "Way ended"), counted.done, of),
        (t("Ausgetreten", "Left"), counted.exited, of),
        (t("Ziel erreicht", "Goal reached"), counted.goal, of),
    )
    last = len(shown) - 1
    return [
        Figure(label=label, value=numbers.number(value), of=denominator, wide=index == last)
        for index, (label, value, denominator) in enumerate(shown)
    ]


def _step(each: StepNumbers, entered: int) -> Step:
    icon, de, en = STEPS[each.kind]
    outcomes = [(t(*OUTCOMES.get(name, (name, name))), number) for name, number in each.outcomes.items()]
    return Step(each, icon, t(de, en), outcomes, Bar(value=each.arrived, total=max(entered, 1)))
