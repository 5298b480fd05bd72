"""Writing a journey: text with its problems beside the picture, checked by the server while one types or on demand.

A form carries the revision that its author had before her. Who comes second keeps her text and sees the other's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from einklang.core.errors import Conflict
from einklang.core.words import speak
from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys import rehearsal as journeys_rehearsal
from einklang.faces.studio.journeys.pages import titles
from einklang.faces.studio.journeys.palette import BLOCKS, palette
from einklang.faces.studio.journeys.picture import Picture, picture
from einklang.faces.studio.journeys.versions import said
from einklang.facts.audit import trail
from einklang.facts.people import read as people
from einklang.loop.decide.journeys import changes, drafts, store, ways
from einklang.loop.decide.journeys import document as documents
from einklang.loop.decide.journeys.document import WrongDocument
from einklang.loop.decide.journeys.drafts import Checked, Draft, Outdated
from einklang.ui import locale
from einklang.ui.text import t


@dataclass(frozen=True)
class Problem:
    line: int
    place: str
    text: str


@require_POST
@studio_view("studio.journeys.control")
def begin(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A new journey: from scratch, with `copy` as a copy of another, or with `text` a draft that was discarded."""
    if request.POST.get("text"):
        return _again(request, agent, None)
    copied = request.POST.get("copy", "")
    with transaction.atomic():
        draft = drafts.begin(agent.cur, agent.user.id, agent.now, copy=_uuid(copied))
    return redirect("studio:journey-draft", draft=draft.id)


@require_POST
@studio_view("studio.journeys.control")
def edit(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    if request.POST.get("text"):
        return _again(request, agent, journey)
    with transaction.atomic():
        draft = drafts.of_journey(agent.cur, journey, agent.user.id, agent.now)
    return redirect("studio:journey-draft", draft=draft.id)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.journeys.control")
def draft(request: HttpRequest, agent: Agent, draft: UUID) -> HttpResponse:
    known = drafts.get(agent.cur, draft)
    if request.method != "POST":
        return _editor(request, agent, known, known.text)
    text = _text(request, "text")
    act = ACTS.get(request.POST.get("act", ""), _check)
    try:
        with transaction.atomic():
            return act(request, agent, known, text)
    except Outdated as late:
        return _editor(request, agent, late.draft, text, late=True, status=409)


@require_POST
@studio_view("studio.journeys.control")
def check(request: HttpRequest, agent: Agent, draft: UUID) -> HttpResponse:
    """Problems and picture for a text that is being typed; nothing is stored."""
    known = drafts.get(agent.cur, draft)
    checked = _checked(agent, known, _text(request, "text"), _text(request, "tests"))
    return render(request, "studio/journey_check.html", {"agent": agent, **checked})


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.journeys.control")
def publish(request: HttpRequest, agent: Agent, draft: UUID) -> HttpResponse:
    """What changes and for whom; then it is published."""
    known = drafts.get(agent.cur, draft)
    checked = drafts.check(agent.cur, known, known.text, agent.now, known.tests)
    if not checked.whole:
        return redirect("studio:journey-draft", draft=draft)
    if request.method != "POST":
        return page(request, agent, "journey_publish", draft=known, **_summary(agent, known, checked))
    try:
        journey = _publish(request, agent, known)
    except Outdated as late:
        summary = _summary(agent, late.draft, drafts.check(agent.cur, late.draft, late.draft.text, agent.now))
        return page(request, agent, "journey_publish", draft=late.draft, late=True, status=409, **summary)
    except (WrongDocument, store.TestsFail):
        return redirect("studio:journey-draft", draft=draft)
    except Conflict as closed:
        summary = _summary(agent, known, checked)
        told = speak(closed.args[0], locale.current())
        return page(request, agent, "journey_publish", draft=known, refused=told, status=409, **summary)
    return redirect("studio:journey", journey=journey)


def _publish(request: HttpRequest, agent: Agent, known: Draft) -> UUID:
    with transaction.atomic():
        journey = drafts.publish(
            agent.cur, known.id, revision=_revision(request), by=agent.user.id, now=agent.now
        )  # fmt: skip
        version = store.versions(agent.cur, journey)[-1]
        done = trail.Act(
            act="journey.publish",
            object=f"journey:{journey}",
            who=agent.user.id,
            field="version",
            old=version.number - 1 or None,
            new=version.number,
        )
        trail.write(agent.cur, [done], agent.now)
    number = version.number
    toast.tell(request, t(f"Fassung {number} ist veröffentlicht.", f"Version {number} is published."))
    return journey


def _check(request: HttpRequest, agent: Agent, known: Draft, text: str) -> HttpResponse:
    return _editor(request, agent, known, text, tried=True)


def _save(request: HttpRequest, agent: Agent, known: Draft, text: str) -> HttpResponse:
    _saved(request, agent, known, text)
    toast.tell(request, t("Der Entwurf ist gespeichert.", "The draft is saved."))
    return redirect("studio:journey-draft", draft=known.id)


def _go_on(request: HttpRequest, agent: Agent, known: Draft, text: str) -> HttpResponse:
    """Saves, and shows what publishing would change; a wrong document stays in the editor."""
    saved = _saved(request, agent, known, text)
    if not drafts.check(agent.cur, saved, text, agent.now, saved.tests).whole:
        return _editor(request, agent, saved, text, tried=True, status=422)
    return redirect("studio:journey-publish", draft=known.id)


def _rehearse(request: HttpRequest, agent: Agent, known: Draft, text: str) -> HttpResponse:
    """Saves, and asks for a rehearsal of what is written; a wrong document stays in the editor."""
    saved = _saved(request, agent, known, text)
    checked = drafts.check(agent.cur, saved, text, agent.now)
    if checked.problems:
        return _editor(request, agent, saved, text, tried=True, status=422)
    job = journeys_rehearsal.ask(agent, known.journey, checked.document, journeys_rehearsal.days(request))
    return redirect("studio:rehearsal", job=job)


def _saved(request: HttpRequest, agent: Agent, known: Draft, text: str) -> Draft:
    tests = _text(request, "tests") if "tests" in request.POST else None
    return drafts.save(
        agent.cur, known.id, text, tests=tests, revision=_revision(request), by=agent.user.id,
        now=agent.now,
    )  # fmt: skip


def _discard(request: HttpRequest, agent: Agent, known: Draft, text: str) -> HttpResponse:
    drafts.discard(agent.cur, known.id, revision=_revision(request))
    back = reverse("studio:journey-edit", args=[known.journey]) if known.journey else reverse("studio:journey-new")
    lost = {"text": text or known.text, "tests": _text(request, "tests") or known.tests}
    toast.tell(request, t("Der Entwurf ist verworfen.", "The draft is discarded."), undo=back, fields=lost)
    return redirect("studio:journey", journey=known.journey) if known.journey else redirect("studio:journeys")


def _again(request: HttpRequest, agent: Agent, journey: UUID | None) -> HttpResponse:
    try:
        with transaction.atomic():
            text, tests = _text(request, "text"), _text(request, "tests")
            back = drafts.again(agent.cur, journey, text, tests, by=agent.user.id, now=agent.now)
    except Outdated as late:
        return _editor(request, agent, late.draft, _text(request, "text"), late=True, status=409)
    return redirect("studio:journey-draft", draft=back.id)


Act = Callable[[HttpRequest, Agent, Draft, str], HttpResponse]
ACTS: dict[str, Act] = {
    "save": _save, "check": _check, "publish": _go_on, "rehearse": _rehearse, "discard": _discard
}  # fmt: skip


def _editor(
    request: HttpRequest,
    agent: Agent,
    known: Draft,
    text: str,
    *,
    late: bool = False,
    tried: bool = False,
    status: int = 200,
) -> HttpResponse:
    by = people.users(agent.cur, {known.updated_by})[known.updated_by].name
    base = _base(agent, known)
    tests = _text(request, "tests") if request.method == "POST" else known.tests
    return page(
        request,
        agent,
        "journey_draft",
        status=status,
        draft=known,
        text=text,
        tests=tests,
        late=late,
        tried=tried,
        by=by,
        theirs=changes.lines(known.text, text) if late else (),
        overtaken=base is not None and base.id != known.base and base.number,
        row=next(iter(store.listing(agent.cur, known.journey)), None) if known.journey else None,
        blocks=BLOCKS,
        palette=palette(agent.cur, agent.now),
        check_url=reverse("studio:journey-check", args=[known.id]),
        **_checked(agent, known, text, tests),
    )


def _checked(agent: Agent, known: Draft, text: str, tests: str) -> dict[str, Any]:
    checked = drafts.check(agent.cur, known, text, agent.now, tests)
    found = [Problem(line, each.place, each.text.in_(locale.current())) for line, each in checked.problems]
    trials = journeys_rehearsal.outcomes(checked.trials)
    return {"problems": found, "picture": _picture(agent, checked), "whole": checked.whole, "trials": trials}


def _picture(agent: Agent, checked: Checked) -> Picture | None:
    """Also where only a name of content is wrong: the way is drawn as soon as there is one."""
    if checked.document is None or documents.check(checked.document):
        return None
    plan = documents.parse(checked.document)
    return picture(plan, titles(agent, plan), None)


def _summary(agent: Agent, known: Draft, checked: Checked) -> dict[str, Any]:
    base = _base(agent, known)
    totals = ways.totals(agent.cur).get(known.journey) if known.journey else None
    return {
        "base": base,
        "number": base.number + 1 if base else 1,
        "said": said(base.document, checked.document) if base and checked.document else [],
        "lines": changes.lines(changes.written(base.document), known.text) if base else (),
        "underway": totals.waiting if totals else 0,
        "picture": _picture(agent, checked),
        "overtaken": base is not None and base.id != known.base,
        "title": checked.document["title"][locale.current()] if not checked.problems else "",
    }


def _base(agent: Agent, known: Draft) -> store.Published | None:
    """The newest version, which the draft would follow."""
    return store.versions(agent.cur, known.journey)[-1] if known.journey else None


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n")


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _uuid(given: str) -> UUID | None:
    try:
        return UUID(given)
    except ValueError:
        return None
