"""Is it well? How far each consumer is behind, who holds readers back, and where messages stand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.core.pg import Cursor
from einklang.faces.studio import words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.loop.gate import queue
from einklang.loop.interactions import consumers

LATE = timedelta(minutes=1)


def health(cur: Cursor, now: datetime) -> dict[str, Any]:
    """JSON-ready. `ok`: no consumer is behind for more than a minute, and no message is uncertain."""
    lags = consumers.lag(cur, now)
    messages = queue.counts(cur)
    return {
        "ok": all(lag.seconds < LATE.total_seconds() for lag in lags) and not messages.get("uncertain"),
        "consumers": [lag._asdict() for lag in lags],
        "messages": messages,
    }


@require_safe
@studio_view("studio.health")
def view(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = health(agent.cur, agent.now)
    states = [(words.state(name), found["messages"].get(name, 0)) for name in words.STATES]
    return page(
        request,
        agent,
        "health",
        ok=found["ok"],
        lags=[{**each, "waited": timedelta(seconds=each["seconds"])} for each in found["consumers"]],
        late=LATE.total_seconds(),
        blocking=next((each["blocking_pid"] for each in found["consumers"] if each["blocking_pid"]), None),
        states=states,
        total=sum(found["messages"].values()),
    )
