"""A rehearsal: asked for, awaited, read. Nothing of it was sent, and names are for those who may see people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio import groups, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys import words
from einklang.faces.studio.journeys.pages import find, named, titles
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.loop.decide.journeys import store
from einklang.loop.decide.journeys.document import Journey, parse
from einklang.loop.gate import notes
from einklang.planning import jobs
from einklang.planning.jobs import Job
from einklang.planning.rehearsal import cast
from einklang.ui import locale, numbers
from einklang.ui.components import Bar, Chart, Figure, Series
from einklang.ui.text import t

DAYS = (7, 14, 28, 56)
SHOWN = 50
KINDS = {
    "sent": ("ok", "paper-plane-tilt", "erhält", "receives"),
    "withheld": ("hold", "hand-palm", "zurückgehalten", "withheld"),
    "suggested": ("voice", "handshake", "Vorschlag", "suggestion"),
    "waiting": ("", "clock", "wartet noch", "still waits"),
}


@dataclass(frozen=True)
class StepRow:
    title: str
    sent: str
    withheld: str
    suggested: str


@dataclass(frozen=True)
class Person:
    id: UUID
    name: str
    at: datetime
    mark: str
    icon: str
    what: str
    step: str
    rule: str
    why: str


@require_safe
@studio_view("studio.journeys")
def of_journey(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    """The newest one, and the next to ask for."""
    row = named(agent, find(agent, journey))
    done, newest = (jobs.latest(agent.cur, "rehearsal", journey, done=each) for each in (True, False))
    pending = newest if newest and newest.state != "done" else None
    context = _shown(request, agent, done) if done else {}
    return page(
        request, agent, "journey_rehearsal", journey=row, tab="rehearsal", job=pending, choices=DAYS,
        controls=agent.may("studio.journeys.control"), **context,
    )  # fmt: skip


@require_safe
@studio_view("studio.journeys")
def single(request: HttpRequest, agent: Agent, job: UUID) -> HttpResponse:
    """One by its own address: that of a draft, which may have no journey yet."""
    known = _find(agent, job, "rehearsal")
    context = _shown(request, agent, known) if known.state == "done" else {"title": _title(known)}
    return page(request, agent, "rehearsal", job=known if known.state != "done" else None, **context)


@require_POST
@studio_view("studio.journeys.control")
def begin(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    row = find(agent, journey)
    version = store.versions(agent.cur, journey)[-1]
    with transaction.atomic():
        ask(agent, journey, version.document, days(request))
    toast.tell(request, t(f"Die Probe von „{row.title.de}“ läuft.", f"The rehearsal of “{row.title.en}” runs."))
    return redirect("studio:journey-rehearsal", journey=journey)


@require_safe
@studio_view("studio.journeys")
def state(request: HttpRequest, agent: Agent, job: UUID) -> HttpResponse:
    """How far it is, for the page that waits."""
    known = jobs.get(agent.cur, job)
    if known is None:
        raise Http404
    text = t(f"Wird gerechnet: {known.percent} %.", f"Being computed: {known.percent}%.")
    return JsonResponse({"open": known.is_open, "text": text})


def ask(agent: Agent, journey: UUID | None, document: Mapping[str, Any], span: int) -> UUID:
    wanted = {"document": dict(document), "days": span, "title": document["title"]["de"]}
    return jobs.ask(agent.cur, "rehearsal", now=agent.now, journey=journey, wanted=wanted, by=agent.user.id)


def days(request: HttpRequest) -> int:
    given = request.POST.get("days", "")
    return int(given) if given in {str(each) for each in DAYS} else DAYS[2]


def _find(agent: Agent, job: UUID, kind: str) -> Job:
    known = jobs.get(agent.cur, job)
    if known is None or known.kind != kind:
        raise Http404
    return known


def _title(job: Job) -> str:
    title: str = job.wanted["document"]["title"][locale.current()]
    return title


def _shown(request: HttpRequest, agent: Agent, job: Job) -> dict[str, Any]:
    told, plan = job.result or {}, parse(job.wanted["document"])
    sees = agent.may("studio.people")
    named_titles = titles(agent, plan)
    what = request.GET.get("was", "") if request.GET.get("was") in KINDS else ""
    return {
        "done": job,
        "title": _title(job),
        "named": sees,
        "told": told,
        "began": datetime.fromisoformat(told["began"]),
        "ended": datetime.fromisoformat(told["ended"]),
        "figures": _figures(told, sees),
        "weeks": _weeks(told, sees),
        "steps": _steps(plan, told, named_titles, sees),
        "rules": _rules(told, sees),
        "reps": _reps(agent, told, sees),
        "rep_weeks": [_day(week) for week in _rep_weeks(told)],
        "products": _products(agent, told, sees),
        "later": groups.told(told["later"], named=sees),
        "collisions": _collisions(agent, told, sees),
        "colliding": groups.told(told["collisions"]["messages"], named=sees),
        "what": what,
        "kinds": [(kind, t(*KINDS[kind][2:]), told["kinds"].get(kind, 0)) for kind in KINDS],
        "people": _people(agent, job, plan, what, named_titles) if sees else [],
        "shown": SHOWN,
    }


def _figures(told: Mapping[str, Any], sees: bool) -> list[Figure]:
    counts = told["kinds"]
    everybody = groups.told(told["people"], named=sees)
    played = t(f"von {everybody} Personen", f"of {everybody} people")
    asked = counts.get("sent", 0) + counts.get("withheld", 0)
    many = groups.told(asked, named=sees)
    of = (
        t(f"von {many} Nachrichten", f"of {many} messages") if many != "1" else t("von einer Nachricht", "of 1 message")
    )

    def figure(label: str, value: int, below: str, key: Any = "") -> Figure:
        return Figure(label=label, value=groups.told(value, named=sees), of=below, key=key)

    return [
        figure(t("Treten ein", "Enter"), told["entered"], played),
        figure(t("Würden gesendet", "Would be sent"), counts.get("sent", 0), of, "sent"),
        figure(t("Zurückgehalten", "Withheld"), counts.get("withheld", 0), of, "held"),
        figure(t("Vorschläge", "Suggestions"), counts.get("suggested", 0), t("an den Außendienst", "to reps")),
        figure(t("Vergleichsgruppe", "Held out"), told["held_out"], t("erhalten nichts", "get nothing")),
    ]


def _weeks(told: Mapping[str, Any], sees: bool) -> Chart | None:
    """None also where every number is too small to be shown."""
    weeks = told["weeks"]

    def series(kind: str) -> list[float | None]:
        return [groups.drawn(each.get(kind, 0), named=sees) for each in weeks.values()]

    if not any(value for kind in ("sent", "withheld", "suggested") for value in series(kind)):
        return None

    most = max(weeks, key=lambda week: sum(weeks[week].values()))
    return Chart(
        id="weeks",
        title=t("Woche für Woche", "Week by week"),
        finding=t(f"In der Woche ab {_day(most)} geschieht am meisten.", f"Most happens in the week of {_day(most)}."),
        columns=[_day(week) for week in weeks],
        series=[
            Series(name=t("gesendet", "sent"), values=series("sent")),
            Series(name=t("zurückgehalten", "withheld"), values=series("withheld"), key="held"),
            Series(name=t("vorgeschlagen", "suggested"), values=series("suggested"), key="third"),
        ],
        kind="stack",
    )


def _steps(plan: Journey, told: Mapping[str, Any], named_titles: words.Titles, sees: bool) -> list[StepRow]:
    found = []
    for name in plan.order:
        if counts := told["steps"].get(name):
            said = [groups.told(counts.get(kind, 0), named=sees) for kind in ("sent", "withheld", "suggested")]
            found.append(
                StepRow(words.title(plan.steps[name], named_titles), *said)
            )  # fmt: skip
    return found


def _rules(told: Mapping[str, Any], sees: bool) -> list[tuple[str, str, str, Bar]]:
    most = max(told["rules"].values(), default=1)
    return [
        (
            _why(rule),
            rule,
            groups.told(count, named=sees),
            Bar(value=groups.shown(count, named=sees), total=most, tone="hold"),
        )
        for rule, count in told["rules"].items()
    ]


def _why(rule: str) -> str:
    try:
        return words.rule(rule)
    except KeyError:  # a note that is no rule, such as a suppressed address
        return notes.say(rule, locale.current()) or t("Kein freigegebener Inhalt", "No approved content")


def _rep_weeks(told: Mapping[str, Any]) -> list[str]:
    return sorted({week for of in ("reps", "visits") for each in told[of].values() for week in each})


def _reps(agent: Agent, told: Mapping[str, Any], sees: bool) -> list[tuple[str, list[str], str, str]]:
    """Name, new suggestions by week, all of them, and the visits that are planned already."""
    weeks, ids = _rep_weeks(told), {*told["reps"], *told["visits"]}
    cards = people.users(agent.cur, {UUID(each) for each in ids if each})
    found = []
    for rep in sorted(ids, key=lambda each: -sum(told["reps"].get(each, {}).values())):
        new, planned = told["reps"].get(rep, {}), told["visits"].get(rep, {})
        name = cards[UUID(rep)].name if rep and UUID(rep) in cards else t("ohne Gebiet", "without a territory")
        cells = [groups.told(new.get(week, 0), named=sees) for week in weeks]
        found.append(
            (name, cells, groups.told(sum(new.values()), named=sees), groups.told(sum(planned.values()), named=sees))
        )  # fmt: skip
    return found


def _products(agent: Agent, told: Mapping[str, Any], sees: bool) -> list[tuple[str, str, int | None, bool]]:
    """Name, how many visits would ask for it, what lies free in the warehouse, and whether that is too little."""
    free = told.get("stock", {})
    known = products.all_products(agent.cur) if told["products"] else []
    names = {each.brand: each.brand_name for each in known} | {each.slug: each.name for each in known}
    return [
        (names.get(name, name), groups.told(count, named=sees), free.get(name), count > free.get(name, count))
        for name, count in told["products"].items()
    ]


def _collisions(agent: Agent, told: Mapping[str, Any], sees: bool) -> list[tuple[str, str]]:
    """What they come close to, and how many of our messages do."""
    by = told["collisions"]["by"]
    known = {str(row.id): row.title.in_(locale.current()) for row in store.listing(agent.cur)} if by else {}
    known |= {"visit": t("Geplante Besuche", "Planned visits"), "": t("Andere Mails", "Other mails")}
    return [
        (known.get(other, t("Andere Mails", "Other mails")), groups.told(count, named=sees))
        for other, count in sorted(by.items(), key=lambda pair: -pair[1])
    ]


def _people(agent: Agent, job: Job, plan: Journey, what: str, named_titles: words.Titles) -> list[Person]:
    lines = cast.read(agent.cur, job.id, what=what, limit=SHOWN)
    cards = people.cards(agent.cur, {each.person for each in lines})
    return [
        Person(
            each.person, cards[each.person].display_name, each.at, *KINDS[each.what][:2], t(*KINDS[each.what][2:]),
            words.short(plan.steps[each.step], named_titles) if each.step in plan.steps else "",
            each.rule, _why(each.rule) if each.what == "withheld" else "",
        )
        for each in lines
        if each.person in cards
    ]  # fmt: skip


def _day(iso: str) -> str:
    return numbers.short_day(date.fromisoformat(iso))


def outcomes(found: Iterable[Any]) -> Sequence[tuple[int, str, bool, str]]:
    """Tests of a draft as the page shows them: line, name, whether it passed, what came instead."""
    return [
        (each.line, each.name, each.passed, each.text.in_(locale.current()) if each.text else "") for each in found
    ]  # fmt: skip
