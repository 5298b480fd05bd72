"""A request taken down for somebody who wrote or phoned: find the person, write down, look at it once more, open."""

from __future__ import annotations

from uuid import UUID

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core import ids
from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.record.people import card_of
from einklang.faces.studio.requests.form import TakenForm
from einklang.faces.studio.requests.words import IDENTITIES, KINDS, SOURCES
from einklang.facts.people import browse
from einklang.facts.people.correct import seen
from einklang.facts.people.read import PersonCard
from einklang.services.privacy import cases, copy, paper, rights
from einklang.services.privacy.field_words import FIELDS
from einklang.ui import locale
from einklang.ui.text import t

FOUND = 20
ACTS = ("look", "change", "open")


@require_safe
@studio_view("studio.requests.control")
def find(request: HttpRequest, agent: Agent) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = browse.listing(agent.cur, agent.now, limit=FOUND, text=text) if text else []
    return page(request, agent, "request_find", text=text, found=found, most=FOUND)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.requests.control")
def take(request: HttpRequest, agent: Agent, person: UUID) -> HttpResponse:
    """Two steps: the second shows what will be stored, and by when it is due."""
    card = card_of(agent, person)
    if request.method != "POST":
        known = {"token": ids.new(), "seen": seen(card), "received": timezone.localtime(agent.now).date()}
        return page(request, agent, "request_new", card=card, form=TakenForm(card, initial=known))
    if (act := request.POST.get("act")) not in ACTS:
        return HttpResponseBadRequest()
    form = TakenForm(card, request.POST)
    if act != "change" and form.is_valid() and _right(agent, form):
        if act == "look":
            return _look(request, agent, card, form)
        if case := _opened(agent, form):
            toast.tell(request, t("Der Antrag ist aufgenommen.", "The request is taken down."))
            return redirect("studio:request", case=case)
    return page(request, agent, "request_new", card=card, form=form)


@require_POST
@studio_view("studio.requests.control")
def hand_out(request: HttpRequest, agent: Agent, case: UUID) -> HttpResponse:
    """The copy of Art. 15 for whoever asked for it on paper; that it was handed out is written down."""
    found = cases.get(agent.cur, case)
    form = request.POST.get("form")
    if form not in ("pdf", "json") or found.kind != "access" or not found.open:
        return HttpResponseBadRequest()
    card = card_of(agent, found.person)
    document = copy.document(agent.cur, card.id, agent.now, card.locale)
    with transaction.atomic():
        rights.exported(agent.cur, person=card.id, by=agent.user.id, form=form, now=agent.now)
    content = paper.copy(document) if form == "pdf" else orjson.dumps(document, option=orjson.OPT_INDENT_2)
    answer = HttpResponse(content, content_type=f"application/{form}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{t("auskunft", "copy")}-{case}.{form}"'
    return answer


def _right(agent: Agent, form: TakenForm) -> bool:
    taken, message = form.taken(agent.user.id), form.cleaned_data["message"]
    try:
        cases.check(kind=form.asked, wishes=form.wishes(), message=message, taken=taken, now=agent.now)
    except InputError as error:
        form.refuse(error)
    return not form.errors


def _opened(agent: Agent, form: TakenForm) -> UUID | None:
    try:
        with transaction.atomic():
            return cases.ask(
                agent.cur,
                person=form.card.id,
                kind=form.asked,
                wishes=form.wishes(),
                message=form.cleaned_data["message"],
                token=str(form.cleaned_data["token"]),
                now=agent.now,
                taken=form.taken(agent.user.id),
            )
    except Conflict as error:
        form.add_error(None, speak(error.args[0], locale.current()))
        return None


def _look(request: HttpRequest, agent: Agent, card: PersonCard, form: TakenForm) -> HttpResponse:
    taken, language = form.taken(agent.user.id), locale.current()
    return page(
        request,
        agent,
        "request_look",
        card=card,
        form=form,
        kind=t(*KINDS[form.asked]),
        source=t(*SOURCES[taken.source]),
        identity=t(*IDENTITIES[taken.identity]),
        due=cases.due(taken.at),
        wishes=[(FIELDS[name].in_(language), getattr(card, name), then) for name, then in form.wishes().items()],
    )
