"""One mail to many: drafts, what runs, and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core.errors import Conflict, InputError
from einklang.faces.studio import groups, reasons, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.mailings import proofs, result, rows
from einklang.faces.studio.mailings.form import MailingForm, ScheduleForm, brands, initial
from einklang.facts.audit import trail
from einklang.facts.content import read as content
from einklang.facts.people import read as people
from einklang.loop.decide.mailings import outlook, store
from einklang.loop.decide.mailings.store import Mailing, Wanted
from einklang.ui import locale
from einklang.ui.components import Bar
from einklang.ui.text import t

ACT, CONTROL = "studio.mailings", "studio.mailings.control"


@require_safe
@studio_view(ACT)
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = store.listing(agent.cur)
    users = people.users(agent.cur, {each.switched_by for each in found})
    names = brands(agent)
    listed = [(rows.row(agent, each, users[each.switched_by].name), names.get(each.brand, "")) for each in found]
    return page(request, agent, "mailings", rows=listed, controls=agent.may(CONTROL))


@require_POST
@studio_view(CONTROL)
def begin(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Empty, or with what a deleted draft held."""
    name = t("Neue Aussendung", "New mailing")
    with transaction.atomic():
        made, fresh = store.begin(agent.cur, name, by=agent.user.id, now=agent.now)
        if fresh:
            write(agent, "create", made)
        form = MailingForm(agent, request.POST) if "name" in request.POST else None
        if form and form.is_valid():
            store.save(agent.cur, made, form.wanted(), revision=1, by=agent.user.id, now=agent.now)
    return redirect("studio:mailing", mailing=made)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view(ACT)
def detail(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    found = store.get(agent.cur, mailing)
    if request.method == "POST" and found.state != "draft":
        return _told(request, mailing)
    if found.state != "draft" or not agent.may(CONTROL):
        return result.show(request, agent, found, rows.named(agent, found))
    if request.method == "POST":
        return _save(request, agent, found)
    return _draft(request, agent, found, MailingForm(agent, initial=initial(found)))


@require_POST
@studio_view(CONTROL)
def look(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    """The count beside the form, for what stands in it now. Nothing is kept."""
    store.get(agent.cur, mailing)
    form = MailingForm(agent, request.POST)
    seen = seen_of(agent, form.wanted()) if form.is_valid() else {}
    return page(request, agent, "mailing_outlook", **seen)


@require_POST
@studio_view(CONTROL)
def schedule(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    form = ScheduleForm(request.POST)
    found = store.get(agent.cur, mailing)
    if not form.is_valid():
        return _draft(request, agent, found, MailingForm(agent, initial=initial(found)), form)
    try:
        with transaction.atomic():
            at, revision = form.cleaned_data["starts_at"], form.cleaned_data["revision"]
            store.schedule(agent.cur, mailing, at, revision=revision, by=agent.user.id, now=agent.now)
            write(agent, "schedule", mailing, new=at.isoformat())
    except InputError as error:
        form.refuse(error)
        return _draft(request, agent, found, MailingForm(agent, initial=initial(found)), form)
    except Conflict:
        return _told(request, mailing)
    back = reverse("studio:mailing-unschedule", args=[mailing])
    toast.tell(request, t("Die Aussendung ist geplant.", "The mailing is scheduled."), undo=back)
    return redirect("studio:mailing", mailing=mailing)


@require_POST
@studio_view(CONTROL)
def unschedule(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    try:
        with transaction.atomic():
            store.unschedule(agent.cur, mailing, by=agent.user.id, now=agent.now)
            write(agent, "unschedule", mailing)
    except Conflict:
        return _told(request, mailing)
    toast.tell(request, t("Wieder ein Entwurf.", "A draft again."))
    return redirect("studio:mailing", mailing=mailing)


@require_POST
@studio_view(CONTROL)
def drop(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    revision = request.POST.get("revision", "")
    held = {name: value for name, value in initial(store.get(agent.cur, mailing)).items() if value}
    try:
        with transaction.atomic():
            store.drop(agent.cur, mailing, int(revision) if revision.isdecimal() else 0)
            write(agent, "drop", mailing)
    except Conflict:
        return _told(request, mailing)
    back = {name: value if isinstance(value, list) else str(value) for name, value in held.items()}
    said = t("Der Entwurf ist gelöscht.", "The draft is deleted.")
    toast.tell(request, said, undo=reverse("studio:mailing-new"), fields=back)
    return redirect("studio:mailings")


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view(CONTROL)
def stop(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponse:
    """Says what has gone already and asks for the reason."""
    found = store.get(agent.cur, mailing)
    if found.state not in store.STOPPABLE:
        return _told(request, mailing)
    reason = request.POST.get("reason", "").strip()
    error = reasons.wrong(reason) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return _stop(request, agent, mailing, reason)
    status = 422 if error else 200
    context = {"reason": reason, "error": error, "longest": reasons.LONGEST, **result.gone(agent, found)}
    return page(request, agent, "mailing_stop", status=status, mailing=rows.named(agent, found), **context)


def write(agent: Agent, act: str, mailing: UUID, **more: Any) -> None:
    """The last thing in a transaction."""
    done = trail.Act(act=f"mailing.{act}", object=f"mailing:{mailing}", who=agent.user.id, **more)
    trail.write(agent.cur, [done], agent.now)


def seen_of(agent: Agent, wanted: Wanted) -> dict[str, Any]:
    """How many, and who would be withheld why, as the outlook shows it."""
    mail = content.versions(agent.cur, [wanted.content]).get(wanted.content) if wanted.content else None
    at, until = max(agent.now, datetime.combine(wanted.begins, agent.now.timetz())), store.over_at(wanted.ends)
    seen = outlook.look(agent.cur, wanted.segment, mail, at=at, until=until, now=agent.now)
    named, language = agent.may("studio.people"), locale.current()

    def told(number: int) -> str:
        return groups.told(number, named=named)

    most = max((each.people for each in seen.held), default=1)
    bars = [(each, Bar(value=groups.shown(each.people, named=named), total=most, tone="hold")) for each in seen.held]
    return {
        "seen": seen,
        "named": named,
        "counts": [told(each) for each in (seen.total, seen.may, seen.later, seen.withheld)],
        "held": [
            (each.reason.text(language), each.reason.way_out(language), each.rule, told(each.people), bar)
            for each, bar in bars
        ],
    }


def _save(request: HttpRequest, agent: Agent, mailing: Mailing) -> HttpResponse:
    form = MailingForm(agent, request.POST)
    if form.is_valid():
        try:
            with transaction.atomic():
                revision = form.cleaned_data["revision"]
                store.save(
                    agent.cur, mailing.id, form.wanted(), revision=revision, by=agent.user.id, now=agent.now
                )  # fmt: skip
                write(agent, "save", mailing.id)
        except InputError as error:
            form.refuse(error)
        except Conflict:
            return _beside(request, agent, store.get(agent.cur, mailing.id))
        else:
            toast.tell(request, t("Gespeichert.", "Saved."))
            return redirect("studio:mailing", mailing=mailing.id)
    return _draft(request, agent, mailing, form)


def _beside(request: HttpRequest, agent: Agent, theirs: Mailing) -> HttpResponse:
    """Her entries, to be saved over what somebody else has saved, which she is told."""
    if theirs.state != "draft":
        return _told(request, theirs.id)
    mine = request.POST.copy()
    mine["revision"] = str(theirs.revision)
    form = MailingForm(agent, mine, initial=initial(theirs))
    changed = [name for name in form.changed_data if name != "brand" or mine.get(name)]  # the mail's own is no other
    differs = ", ".join(str(form[name].label) for name in changed)
    form.add_error(None, _saved_meanwhile(differs))
    return _draft(request, agent, theirs, form, status=409)


def _draft(
    request: HttpRequest,
    agent: Agent,
    mailing: Mailing,
    form: MailingForm,
    plan: ScheduleForm | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    """`status` where an entry is wrong."""
    start = {"starts_at": agent.now, "revision": mailing.revision}
    wrong_entries = bool(form.errors or (plan and plan.errors))
    return page(
        request,
        agent,
        "mailing_draft",
        status=status if wrong_entries else 200,
        mailing=mailing,
        form=form,
        plan=plan or ScheduleForm(initial=start),
        **proofs.of_mailing(agent, mailing),
        **rows.obstacles(agent),
        **seen_of(agent, mailing.wanted),
    )


def _stop(request: HttpRequest, agent: Agent, mailing: UUID, reason: str) -> HttpResponse:
    try:
        with transaction.atomic():
            store.stop(agent.cur, mailing, reason, by=agent.user.id, now=agent.now)
            write(agent, "stop", mailing, reason=reason)
    except Conflict:
        return _told(request, mailing)
    toast.tell(request, t("Die Aussendung wird beendet.", "The mailing is being stopped."))
    return redirect("studio:mailing", mailing=mailing)


def _told(request: HttpRequest, mailing: UUID) -> HttpResponse:
    messages.warning(request, _faster())
    return redirect("studio:mailing", mailing=mailing)


def _faster() -> str:
    return t(
        "Jemand war schneller: Diese Aussendung hat sich inzwischen geändert. Laden Sie die Seite neu.",
        "Somebody was faster: this mailing has changed meanwhile. Load the page anew.",
    )


def _saved_meanwhile(differs: str) -> str:
    if not differs:
        return t("Jemand anderes hat dasselbe gespeichert.", "Somebody else has saved the same.")
    return t(
        f"Jemand anderes hat diesen Entwurf inzwischen gespeichert, anders als Sie: {differs}. "
        "Ihre Eingaben stehen noch da. Speichern Sie noch einmal, so gelten sie.",
        f"Somebody else has saved this draft meanwhile, with other entries than yours: {differs}. "
        "Yours are still here. Save again, and they count.",
    )
