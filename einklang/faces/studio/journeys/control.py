"""Pause, resume and stop: each with who did it in the audit log, the pause with a way back."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from einklang.faces.studio import reasons, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys.pages import find, named, shown
from einklang.facts.audit import trail
from einklang.loop.decide.journeys import store
from einklang.ui.text import t

SWITCHES = {"pause": (store.pause, "resume"), "resume": (store.resume, "pause")}


@require_POST
@studio_view("studio.journeys.control")
def switch(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    act = request.POST.get("act", "")
    if act not in SWITCHES:
        return HttpResponseBadRequest()
    change, back = SWITCHES[act]
    with transaction.atomic():
        before = find(agent, journey).state
        change(agent.cur, journey, agent.now, agent.user.id)
        after = shown(find(agent, journey))
        if after.row.state != before:
            write(agent, act, journey, old=before, new=after.row.state)
    told = t(f"Die Journey ist jetzt: {after.state}.", f"The journey is now: {after.state}.")
    if after.row.state != before:
        toast.tell(request, told, undo=reverse("studio:switch", args=[journey]), fields={"act": back})
    else:
        toast.tell(request, told)
    return redirect("studio:journey", journey=journey)


@require_http_methods(["GET", "HEAD", "POST"])
@studio_view("studio.journeys.control")
def stop(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    """Says in numbers what will happen and asks for the reason before it does it: there is no way back."""
    row = find(agent, journey)
    if row.state not in ("active", "paused"):
        toast.tell(request, t("Die Journey ist schon beendet.", "The journey has been stopped already."))
        return redirect("studio:journey", journey=journey)
    reason = request.POST.get("reason", "").strip()
    error = reasons.wrong(reason) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        _stop(agent, journey, row.state, reason)
        toast.tell(request, t("Die Journey wird beendet.", "The journey is being stopped."))
        return redirect("studio:journey", journey=journey)
    return page(
        request,
        agent,
        "journey_stop",
        status=422 if error else 200,
        journey=named(agent, row),
        outlook=store.outlook(agent.cur, journey),
        reason=reason,
        error=error,
        longest=reasons.LONGEST,
    )


def write(agent: Agent, act: str, journey: UUID, *, old: str, new: str, reason: str = "") -> None:
    """The last thing in a transaction."""
    done = trail.Act(
        act=f"journey.{act}", object=f"journey:{journey}", who=agent.user.id, field="state", old=old, new=new,
        reason=reason,
    )  # fmt: skip
    trail.write(agent.cur, [done], agent.now)


def _stop(agent: Agent, journey: UUID, before: str, reason: str) -> None:
    with transaction.atomic():
        store.stop(agent.cur, journey, agent.now, agent.user.id, reason)
        write(agent, "stop", journey, old=before, new=find(agent, journey).state, reason=reason)
