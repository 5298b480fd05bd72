"""The report of a visit or a call. It is kept while it is written, sent once, and locked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import Conflict
from einklang.core.pg import Cursor
from einklang.core.words import Words, speak
from einklang.faces.desk import medicines, report_form, safety, show, words
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.report_form import SAME_MOMENT, YES, ReportForm
from einklang.facts.consent.status import status
from einklang.facts.people import lock
from einklang.facts.people.read import PersonCard
from einklang.loop.channels.visit import drafts, reports, shown
from einklang.loop.channels.visit.reports import Report, Told
from einklang.services.visits import acts
from einklang.ui import locale

CHANNELS = ("visit", "phone")
SAME_VISIT = timedelta(hours=12)
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "version"})
REPORTED = Words(
    "Das haben Sie schon berichtet, wohl auf einem anderen Gerät. Was hier steht, ist nicht gespeichert: Senden Sie es"
    " noch einmal, wenn es ein zweiter Bericht werden soll.",
    "You have reported this already, perhaps on another device. What stands here is not saved: send it again"
    " if it shall be a second report.",
)


@require_http_methods(["GET", "HEAD", "POST"])
@rep_view("desk.visit")
def visit(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    return _report(request, rep, rep.person(person), "visit")


@require_http_methods(["GET", "HEAD", "POST"])
@rep_view("desk.visit")
def call(request: HttpRequest, rep: Rep, person: UUID) -> HttpResponse:
    return _report(request, rep, rep.person(person), "phone")


@require_POST
@rep_view("desk.visit")
def draft(request: HttpRequest, rep: Rep, person: UUID, channel: str) -> HttpResponse:
    """What is being written, saved by itself. 409 tells that another page went on with it."""
    card = rep.person(person)
    if channel not in CHANNELS:
        raise Http404
    try:
        version = _keep(request, rep, card, channel)
    except Conflict as error:
        return JsonResponse({"told": speak(error.args[0], locale.current())}, status=409)
    return JsonResponse({"version": version})


def _report(request: HttpRequest, rep: Rep, card: PersonCard, channel: str) -> HttpResponse:
    known, presented = (
        medicines.all_of(rep, card.market),
        shown.since(rep.cur, rep=rep.user.id, person=card.id, moment=rep.midnight),
    )
    planned, kept = (
        _planned(rep, card.id, channel),
        drafts.get(rep.cur, rep=rep.user.id, person=card.id, channel=channel),
    )
    offers = report_form.messages_of(show.allowed(rep, card)[0], presented)
    initial = _initial(rep, planned, kept)
    form = ReportForm(known, offers, rep.today, request.POST or None, initial=initial)
    refused: UUID | None = None
    code = 200
    if request.method == "POST" and form.is_valid():
        try:
            refused = _submit(rep, card, channel, form.cleaned_data, form.told(known, presented))
        except Conflict as error:
            form.becomes_another(speak(error.args[0], locale.current()), rep.now)
        else:
            if refused is None:
                return redirect("desk:recommend", person=card.id) if channel == "visit" else redirect("desk:today")
        code = 409
    context: dict[str, Any] = {"rep": rep, "card": card, "form": form, "planned": planned, "channel": channel}
    context |= {"medicines": known, "presented": presented, "draft": kept if request.method != "POST" else None}
    context["presume"] = channel == "phone" and not _agreed_to_calls(rep, card) and planned is None
    context["refused"] = words.verdict(rep.cur, refused) if refused else None
    return render(request, "desk/visit.html", context, status=code)


def _initial(rep: Rep, planned: Report | None, kept: drafts.Draft | None) -> dict[str, Any]:
    """What was written before, at the moment that it was begun; a planned visit has its own."""
    fresh = {"at": rep.now.replace(microsecond=0), "token": ids.new(), "version": 0}
    if kept is not None:
        fields = {name: value for name, value in kept.fields.items() if name != "at" or _recent(value, rep.now)}
        fresh |= fields | {"version": kept.version}
    return fresh | ({"at": planned.at} if planned else {})


def _recent(at: Any, now: datetime) -> bool:
    try:
        begun = datetime.fromisoformat(str(at))
    except ValueError:
        return False
    return begun.tzinfo is not None and abs(now - begun) < SAME_VISIT


def _keep(request: HttpRequest, rep: Rep, card: PersonCard, channel: str) -> int:
    base = request.POST.get("version", "")
    with transaction.atomic():
        return drafts.save(
            cursor(),
            rep=rep.user.id,
            person=card.id,
            channel=channel,
            fields=_fields(request.POST),
            base=int(base) if base.isdecimal() else 0,
            now=rep.now,
        )


def _fields(posted: Any) -> Mapping[str, Any]:
    """Lists where the form has lists, so that they can be its initial values again."""
    several = {"products", "presented"}
    return {
        name: [each[:200] for each in posted.getlist(name)] if name in several else posted[name][:20_000]
        for name in list(posted)[:100]
        if name not in NOT_KEPT
    }


def _planned(rep: Rep, person: UUID, channel: str) -> Report | None:
    """The open visit of these hours. One that is arranged for another day stays as it is."""
    found = reports.listing(
        rep.cur, rep=rep.user.id, person=person, since=rep.now - SAME_VISIT, until=rep.now + SAME_VISIT
    )
    return next((each for each in found if each.held_at is None and each.channel == channel), None)


def _agreed_to_calls(rep: Rep, card: PersonCard) -> bool:
    known = status(rep.cur, [card.id])[card.id].get("phone")
    return known is not None and known.granted


def _submit(rep: Rep, card: PersonCard, channel: str, said: dict[str, Any], told: Told) -> UUID | None:
    """The verdict that refuses, if there is one. A second click finds the visit reported and changes nothing."""
    with transaction.atomic():
        cur = cursor()
        lock.hold(cur, [card.id])
        known = _of_moment(cur, rep, card.id, channel, said["at"])
        if known is None or known.held_at is None:
            report, refused = (known.id, None) if known else _plan(cur, rep, card, channel, said)
            if report is None:
                return refused
            held = acts.hold(cur, report=report, rep=rep.user.id, told=told, now=rep.now)
            if held.interaction is None:
                return held.verdict_id
        elif not reports.repeats(known, told):
            raise Conflict(REPORTED)
        if said["safety"] == YES:
            safety.store(cur, rep, said, person=card.id)  # once for each form, whichever report it came with
    return None


def _plan(
    cur: Cursor, rep: Rep, card: PersonCard, channel: str, said: dict[str, Any]
) -> tuple[UUID | None, UUID | None]:
    """The report, or the verdict that refuses one."""
    planned = acts.plan(
        cur,
        rep=rep.user.id,
        person=card.id,
        at=said["at"],
        now=rep.now,
        channel=channel,
        presumed_because=said["presumed_because"],
    )
    return planned.report, planned.verdict_id


def _of_moment(cur: Cursor, rep: Rep, person: UUID, channel: str, at: datetime) -> Report | None:
    found = reports.listing(cur, rep=rep.user.id, person=person, since=at, until=at + SAME_MOMENT)
    return next((each for each in found if each.channel == channel), None)
