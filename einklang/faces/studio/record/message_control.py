"""Holding, releasing and stopping messages by hand, and saying of an uncertain one that it arrived: why is asked, and
where there is a way back it is offered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from einklang.faces.studio import reasons, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.audit import trail
from einklang.loop.gate import browse, door, notes, queue
from einklang.ui.text import t

ACTS = ("hold", "release", "withhold", "arrived")
BACK = {"hold": "release", "release": "hold"}
STATES = {"hold": "held", "release": "planned", "withhold": "withheld", "arrived": "sent"}
MOST = 1000


@require_POST
@studio_view("studio.messages.control")
def control(request: HttpRequest, agent: Agent, message: UUID) -> HttpResponse:
    queue.get(agent.cur, message)
    return _done(request, agent, [message])


@require_POST
@studio_view("studio.messages.control")
def many(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What was ticked; at most a thousand at once."""
    ticked = request.POST.getlist("m")[:MOST]
    try:
        chosen = [UUID(each) for each in ticked]
    except ValueError:
        return HttpResponseBadRequest()
    if not chosen:
        messages.warning(request, t("Es ist keine Nachricht angekreuzt.", "No message is ticked."))
        return _back(request)
    return _done(request, agent, chosen)


def _done(request: HttpRequest, agent: Agent, chosen: Sequence[UUID]) -> HttpResponse:
    """Without its reason, which stands in the audit log, nothing moves: then it is asked for."""
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "").strip()
    if act not in ACTS:
        return HttpResponseBadRequest()
    if wrong := reasons.wrong(reason):
        return _asked(request, agent, chosen, act=act, wrong=wrong if "reason" in request.POST else "")
    with transaction.atomic():
        before = browse.states(agent.cur, chosen)
        moved = _moved(agent, chosen, act)
        trail.write(agent.cur, _told(agent, act, moved, before, reason), agent.now)
    _tell(request, act, moved, len(chosen), before)
    return _back(request)


def _asked(request: HttpRequest, agent: Agent, chosen: Sequence[UUID], *, act: str, wrong: str) -> HttpResponse:
    return page(
        request,
        agent,
        "message_reason",
        status=422 if wrong else 200,
        act=act,
        question=_counted(QUESTIONS[act], len(chosen)),
        chosen=chosen,
        reason=request.POST.get("reason", ""),
        wrong=wrong,
        longest=reasons.LONGEST,
        next=_next(request),
    )


def _moved(agent: Agent, chosen: Sequence[UUID], act: str) -> set[UUID]:
    if act == "hold":
        return door.hold(agent.cur, chosen, notes.BY_HAND, agent.now)
    if act == "withhold":
        return door.withhold(agent.cur, chosen, notes.BY_HAND, agent.now)
    if act == "arrived":
        return door.arrived(agent.cur, chosen, agent.now)
    return door.release(agent.cur, chosen, agent.now)


def _told(agent: Agent, act: str, moved: set[UUID], before: Mapping[UUID, str], reason: str) -> list[trail.Act]:
    return [
        trail.Act(
            act=f"message.{act}",
            object=f"message:{each}",
            who=agent.user.id,
            field="state",
            old=before[each],
            new=STATES[act],
            reason=reason,
        )
        for each in sorted(moved)
    ]


def _tell(request: HttpRequest, act: str, moved: set[UUID], asked: int, before: Mapping[UUID, str]) -> None:
    """An uncertain message that goes out again may be gone before anybody takes it back, so there is no undo."""
    if len(moved) < asked:
        left = asked - len(moved)
        messages.warning(
            request,
            t("Die Nachricht hat ihren Zustand schon gewechselt.", "The message has changed its state already.")
            if asked == 1
            else t(
                f"{left} Nachrichten hatten ihren Zustand schon gewechselt.", f"{left} messages had changed already."
            ),
        )
    if not moved:
        return
    takes_back = act in BACK and not any(before[each] == "uncertain" for each in moved)
    toast.tell(
        request,
        _counted(SENTENCES[act], len(moved)),
        undo=reverse("studio:control-many") if takes_back else "",
        fields={"m": [str(each) for each in moved], "act": BACK[act], "reason": _undone()} if takes_back else None,
    )


SENTENCES = {
    "hold": (
        ("Die Nachricht ist angehalten.", "The message is held."),
        ("{n} Nachrichten angehalten.", "{n} messages held."),
    ),
    "release": (
        ("Die Nachricht ist freigegeben.", "The message is released."),
        ("{n} Nachrichten freigegeben.", "{n} messages released."),
    ),
    "withhold": (
        ("Die Nachricht wird nicht gesendet.", "The message will not be sent."),
        ("{n} Nachrichten werden nicht gesendet.", "{n} messages will not be sent."),
    ),
    "arrived": (
        ("Die Nachricht gilt als angekommen.", "The message counts as arrived."),
        ("{n} Nachrichten gelten als angekommen.", "{n} messages count as arrived."),
    ),
}


QUESTIONS = {
    "hold": (
        ("Warum soll die Nachricht warten?", "Why shall the message wait?"),
        ("Warum sollen {n} Nachrichten warten?", "Why shall {n} messages wait?"),
    ),
    "release": (
        ("Warum darf die Nachricht hinaus?", "Why may the message go out?"),
        ("Warum dürfen {n} Nachrichten hinaus?", "Why may {n} messages go out?"),
    ),
    "withhold": (
        ("Warum geht die Nachricht nie hinaus?", "Why will the message never go out?"),
        ("Warum gehen {n} Nachrichten nie hinaus?", "Why will {n} messages never go out?"),
    ),
    "arrived": (
        ("Woher wissen Sie, dass die Nachricht ankam?", "How do you know that the message arrived?"),
        ("Woher wissen Sie, dass {n} Nachrichten ankamen?", "How do you know that {n} messages arrived?"),
    ),
}


def _counted(sentences: tuple[tuple[str, str], tuple[str, str]], number: int) -> str:
    one, several = sentences
    return t(*(one if number == 1 else several)).format(n=number)


def _undone() -> str:
    return t("Gleich zurückgenommen", "Taken back at once")


def _back(request: HttpRequest) -> HttpResponse:
    return redirect(_next(request) or "studio:messages")


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if own else ""
