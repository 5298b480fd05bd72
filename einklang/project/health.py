"""Is it well? For supervisors, load balancers and people: the database answers, and how far each consumer is behind."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.loop.interactions import consumers
from einklang.ui.access import open_to_all


@open_to_all
def health(request: HttpRequest) -> JsonResponse:
    cur = cursor()
    lags = consumers.lag(cur, clock.now(cur))
    return JsonResponse({"status": "ok", "consumers": [lag._asdict() for lag in lags]})
