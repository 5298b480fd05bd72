"""The rep's day: visits, calls and tasks, what waits for others, and what would be best next in her territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from einklang.faces.desk import steps as next_steps
from einklang.faces.desk import streaming, waiting
from einklang.faces.desk.access import Rep, rep_view
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.channels.visit import reports, todo
from einklang.loop.channels.visit.reports import Report
from einklang.loop.channels.visit.todo import Task

AHEAD = timedelta(days=14)
TASKS_AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class Visit:
    report: Report
    card: PersonCard


@dataclass(frozen=True)
class ToDo:
    task: Task
    card: PersonCard | None
    overdue: bool
    today: bool


@require_safe
@rep_view()
def today(request: HttpRequest, rep: Rep) -> HttpResponse:
    visits, day = _visits(rep), rep.today
    context = _suggested(rep) | {
        "rep": rep,
        "visits": [each for each in visits if _day(each.report.at) == day],
        "ahead": [each for each in visits if _day(each.report.at) > day],
        "tasks": to_dos(rep),
        "waits": waiting.waits(rep),
        "mails": waiting.mails(rep),
        "stream": streaming.address(rep),
    }
    return render(request, "desk/today.html", context)


@require_safe
@rep_view()
def steps(request: HttpRequest, rep: Rep) -> HttpResponse:
    """The part of the page that changes by itself."""
    return render(request, "desk/steps.html", _suggested(rep) | {"rep": rep})


@require_safe
@rep_view()
def mails(request: HttpRequest, rep: Rep) -> HttpResponse:
    days: dict[date, list[waiting.Mail]] = {}
    for each in waiting.mails(rep, AHEAD):
        days.setdefault(_day(each.day), []).append(each)
    return render(request, "desk/mails.html", {"rep": rep, "days": sorted(days.items())})


def to_dos(rep: Rep, person: UUID | None = None) -> Sequence[ToDo]:
    """Due within the week, and those done today, which can still be taken back."""
    day = rep.today
    found = todo.listing(rep.cur, rep.user.id, person=person, until=day + TASKS_AHEAD, done_since=rep.midnight)
    mine = [each for each in found if each.person is None or each.person in rep.territory]
    cards = people.cards(rep.cur, {each.person for each in mine if each.person})
    return [
        ToDo(each, cards.get(each.person) if each.person else None, each.due < day, each.due == day) for each in mine
    ]


def _visits(rep: Rep) -> list[Visit]:
    since = rep.midnight
    found = reports.listing(rep.cur, rep=rep.user.id, since=since, until=rep.now + AHEAD)
    mine = [report for report in found if report.person in rep.territory]
    cards = people.cards(rep.cur, [report.person for report in mine])
    return [Visit(report, cards[report.person]) for report in mine]


def _suggested(rep: Rep) -> dict[str, Any]:
    return {"suggested": next_steps.suggested(rep), **next_steps.choices()}


def _day(moment: datetime) -> date:
    return timezone.localtime(moment).date()
