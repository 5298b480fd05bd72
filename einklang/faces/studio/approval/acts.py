"""What is done with a content beside its review: submit, renew, confirm, withdraw; and the page of signatures."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from einklang.core.errors import Conflict, InputError
from einklang.core.words import speak
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.content import pages as head
from einklang.faces.studio.content import words
from einklang.facts.content import library
from einklang.facts.products import read as products
from einklang.services.approval import acts, duties, signature_page, upkeep, withdrawal
from einklang.services.approval.acts import NotReady
from einklang.ui import locale
from einklang.ui.text import t

LISTED = 200


@require_POST
@studio_view("content.edit")
def control(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    """Submits a draft, takes it back, or begins a new version."""
    act, user, now = request.POST.get("act"), agent.user.id, agent.now
    try:
        with transaction.atomic():
            if act == "submit":
                acts.submit(agent.cur, version, base=request.POST.get("base", ""), user=user, now=now)
                messages.success(request, t("Liegt jetzt zur Prüfung.", "It is under review now."))
            elif act == "take_back":
                acts.take_back(agent.cur, version, user=user, now=now)
                messages.success(request, t("Ist wieder ein Entwurf.", "It is a draft again."))
            elif act == "renew":
                draft = acts.renew(agent.cur, version, user=user, now=now)
                return redirect("studio:content-edit", version=draft)
            else:
                return HttpResponseBadRequest()
    except Conflict as error:
        messages.warning(request, speak(error.args[0], locale.current()))
    except NotReady:
        messages.warning(
            request, t("Es fehlt noch etwas; es steht beim Entwurf.", "Something is missing; it stands with the draft.")
        )
    return redirect("studio:content-detail", version=version)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("content.withdraw")
def withdraw(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    content = acts.get(agent.cur, version)
    if content.state not in ("frozen", "withheld"):
        return redirect("studio:content-detail", version=version)
    wrong = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                reason = request.POST.get("reason", "")
                stopped = withdrawal.withdraw(agent.cur, version, reason=reason, user=agent.user.id, now=agent.now)
        except InputError as error:
            wrong = f"{speak(error.rule, locale.current())} {speak(error.way_out, locale.current())}"
        else:
            messages.success(request, _withdrawn(stopped))
            return redirect("studio:content-detail", version=version)
    return page(
        request, agent, "withdraw", **head.frame(agent, content), used=head.used(agent, content), wrong=wrong,
        status=422 if wrong else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("content.smpc")
def confirm(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    """A content that a new Fachinformation had sent to review may stay as it is."""
    content = acts.get(agent.cur, version)
    wrong = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                reason = request.POST.get("reason", "")
                upkeep.confirm(agent.cur, version, reason=reason, user=agent.user.id, now=agent.now)
        except InputError as error:
            wrong = f"{speak(error.rule, locale.current())} {speak(error.way_out, locale.current())}"
        except Conflict as error:
            messages.warning(request, speak(error.args[0], locale.current()))
            return redirect("studio:content-detail", version=version)
        else:
            messages.success(request, t("Bestätigt. Der Inhalt gilt weiter.", "Confirmed. The content stays valid."))
            return redirect("studio:content-detail", version=version)
    return page(request, agent, "confirm", **head.frame(agent, content), wrong=wrong, status=422 if wrong else 200)


@require_safe
@studio_view("content.read")
def signatures(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    content = acts.get(agent.cur, version)
    paper = signature_page.pdf(agent.cur, content, agent.now)
    answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{content.slug}-{content.version}.pdf"'
    return answer


@require_safe
@studio_view("content.tasks")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What waits for somebody in one of her roles, the most urgent first."""
    waiting = duties.waiting(agent.cur, agent.user.roles, LISTED)
    contents = library.rows(agent.cur, {task.version for task in waiting if task.version}, agent.now)
    known = products.product(agent.cur, {task.product for task in waiting if task.product})
    rows = [
        (
            task,
            t(*words.TASKS[task.kind][:2]),
            words.TASKS[task.kind][2],
            contents.get(task.version) if task.version else None,
            known.get(task.product) if task.product else None,
            task.overdue(agent.now),
            words.role(task.role),
        )
        for task in waiting
    ]
    titled = [(*row, row[3].title(locale.current()) if row[3] else "") for row in rows]
    return page(request, agent, "tasks", rows=titled, full=len(waiting) == LISTED)


@require_POST
@studio_view("content.tasks")
def finish(request: HttpRequest, agent: Agent, task: UUID) -> HttpResponse:
    """Settles what no other act settles: an expiry that is left to come, and professionals that were told."""
    with transaction.atomic():
        duties.finish(agent.cur, task, user=agent.user.id, roles=agent.user.roles, now=agent.now)
    messages.success(request, t("Erledigt.", "Done."))
    return redirect("studio:tasks")


def _withdrawn(stopped: int) -> str:
    if stopped == 1:
        return t("Zurückgezogen. 1 Nachricht wurde zurückgehalten.", "Withdrawn. 1 message was withheld.")
    return t(
        f"Zurückgezogen. {stopped} Nachrichten wurden zurückgehalten.", f"Withdrawn. {stopped} messages were withheld."
    )
