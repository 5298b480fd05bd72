"""The rep's day: visits ahead, and what would be best next for the people of her territory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.faces.desk import streaming
from einklang.faces.desk.access import Rep, rep_view
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.channels.visit import reports
from einklang.loop.channels.visit.reports import Report
from einklang.loop.decide import insight, next_best, suggestions
from einklang.loop.decide.next_best import Step

AHEAD = timedelta(days=14)
SHOWN = 8
FOUND = 50


@dataclass(frozen=True)
class Suggested:
    card: PersonCard
    step: Step


@dataclass(frozen=True)
class Visit:
    report: Report
    card: PersonCard


@require_safe
@rep_view()
def today(request: HttpRequest, rep: Rep) -> HttpResponse:
    context = {"rep": rep, "visits": _visits(rep), "suggested": _suggested(rep), "stream": streaming.address(rep)}
    return render(request, "desk/today.html", context)


@require_safe
@rep_view()
def steps(request: HttpRequest, rep: Rep) -> HttpResponse:
    """The part of the page that changes by itself."""
    return render(request, "desk/steps.html", {"rep": rep, "suggested": _suggested(rep)})


@require_safe
@rep_view()
def contacts(request: HttpRequest, rep: Rep) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "")[:200]
    found = people.find(rep.cur, text=text, persons=rep.territory, limit=FOUND)
    return render(request, "desk/contacts.html", {"rep": rep, "found": found, "text": text, "limit": FOUND})


def _visits(rep: Rep) -> list[Visit]:
    since = rep.now - timedelta(hours=12)
    found = reports.listing(rep.cur, rep=rep.user.id, since=since, until=rep.now + AHEAD)
    mine = [report for report in found if report.person in rep.territory]
    cards = people.cards(rep.cur, [report.person for report in mine])
    return [Visit(report, cards[report.person]) for report in mine]


def _suggested(rep: Rep) -> list[Suggested]:
    """Whoever a journey suggests, best step first."""
    persons = _candidates(rep)
    grades = insight.grades(rep.cur, rep.user.id, persons, rep.now)
    best = next_best.for_person(rep.cur, rep.user.id, persons, rep.now, grades=grades)
    cards = people.cards(rep.cur, persons)
    found = [Suggested(cards[person], each.steps[0]) for person, each in best.items() if each.steps]
    return sorted(found, key=lambda each: -each.step.score)[:SHOWN]


def _candidates(rep: Rep) -> list[UUID]:
    return sorted(suggestions.open_for(rep.cur, list(rep.territory)))
