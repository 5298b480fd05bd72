"""The message queue by state: what waits, what went, what nobody can say."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio import words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.content import read as content
from einklang.facts.people import read as people
from einklang.loop.gate import door, queue
from einklang.loop.gate.queue import Message
from einklang.ui import locale
from einklang.ui.text import t

LISTED = 100
MARKS = {
    "planned": ("", "clock"),
    "held": ("warn", "pause"),
    "sending": ("voice", "paper-plane-tilt"),
    "sent": ("ok", "check"),
    "delivered": ("ok", "check"),
    "failed": ("danger", "warning"),
    "withheld": ("hold", "hand-palm"),
    "uncertain": ("warn", "warning"),
}
BY_HAND = "Von Hand angehalten: {name}"


@dataclass(frozen=True)
class Row:
    message: Message
    to: str
    subject: str
    state: str
    mark: str
    icon: str
    may: tuple[str, ...]


@require_safe
@studio_view("studio.messages.count")
def listing(request: HttpRequest, agent: Agent) -> HttpResponse:
    counts = queue.counts(agent.cur)
    state = request.GET.get("zustand", "")
    chosen = state if state in words.STATES else None
    named = agent.may("studio.messages")
    found = queue.listing(agent.cur, state=chosen, limit=LISTED) if named else []
    return page(
        request,
        agent,
        "messages",
        counts=[(name, words.state(name), counts.get(name, 0), *MARKS[name]) for name in words.STATES],
        uncertain=counts.get("uncertain", 0),
        state=chosen,
        named=named,
        rows=_rows(agent, found),
        total=sum(counts.values()),
        verdicts=agent.may("studio.verdicts"),
    )


@require_POST
@studio_view("studio.messages.control")
def control(request: HttpRequest, agent: Agent, message: UUID) -> HttpResponse:
    act = request.POST.get("act")
    if act not in ("hold", "release", "withhold"):
        return HttpResponseBadRequest()
    with transaction.atomic():
        moved = _moved(agent, message, act)
    if moved:
        done = words.state(queue.get(agent.cur, message).state)
        messages.success(request, t(f"Die Nachricht ist jetzt: {done}.", f"The message is now: {done}."))
    else:
        messages.warning(
            request,
            t("Die Nachricht hat ihren Zustand schon gewechselt.", "The message has changed its state already."),
        )
    return redirect("studio:messages")


def _moved(agent: Agent, message: UUID, act: str) -> set[UUID]:
    queue.get(agent.cur, message)
    reason = BY_HAND.format(name=agent.user.name)
    if act == "hold":
        return door.hold(agent.cur, [message], reason, agent.now)
    if act == "withhold":
        return door.withhold(agent.cur, [message], reason, agent.now)
    return door.release(agent.cur, [message], agent.now)


def _rows(agent: Agent, found: list[Message]) -> list[Row]:
    cards = people.cards(agent.cur, {each.person for each in found if each.person})
    versions = content.versions(agent.cur, {each.content for each in found})
    controls = agent.may("studio.messages.control")
    return [
        Row(
            message=each,
            to=cards[each.person].display_name if each.person in cards else _elsewhere(each),
            subject=versions[each.content].title(locale.current()),
            state=words.state(each.state),
            mark=MARKS[each.state][0],
            icon=MARKS[each.state][1],
            may=_acts(each) if controls else (),
        )
        for each in found
    ]


def _elsewhere(message: Message) -> str:
    return message.address or t("Mitarbeitende", "Staff")


def _acts(message: Message) -> tuple[str, ...]:
    return {"planned": ("hold", "withhold"), "held": ("release", "withhold"), "uncertain": ("release", "withhold")}.get(
        message.state, ()
    )
