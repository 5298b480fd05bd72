"""A channel that rests because its way out is at fault: since when, why, what to do, and the button that tries it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, studio_view
from einklang.facts.audit import trail
from einklang.loop.gate import faults, rests
from einklang.ui import channels, locale
from einklang.ui.text import t


class Shown(NamedTuple):
    channel: str
    name: str
    server: str
    since: datetime
    lasts: timedelta
    next_at: datetime
    tries: bool  # at this moment
    what: str
    way_out: str
    said: str


def shown(agent: Agent) -> list[Shown]:
    return [_shown(rest, agent.now) for rest in rests.resting(agent.cur)]


@require_POST
@studio_view("studio.messages.control")
def try_now(request: HttpRequest, agent: Agent, channel: str) -> HttpResponse:
    with transaction.atomic():
        if tried := rests.try_now(agent.cur, channel, agent.now):
            act = trail.Act(act="channel.try", object=f"channel:{channel}", who=agent.user.id)
            trail.write(agent.cur, [act], agent.now)
    if tried:
        toast.tell(request, t("Die nächste fällige Nachricht wird versucht.", "The next message that is due is tried."))
    else:
        messages.info(request, t("Dieser Kanal ruht nicht.", "This channel does not rest."))
    return redirect("studio:health")


def _shown(rest: rests.Rest, now: datetime) -> Shown:
    assert rest.since is not None
    assert rest.next_at is not None
    assert rest.fault is not None
    told = faults.FAULTS[rest.fault]
    return Shown(
        channel=rest.channel,
        name=channels.look(rest.channel).name,
        server=rest.server,
        since=rest.since,
        lasts=max(now - rest.since, timedelta()),
        next_at=rest.next_at,
        tries=rest.next_at <= now,
        what=told.what.in_(locale.current()),
        way_out=told.way_out.in_(locale.current()),
        said=rest.said,
    )
