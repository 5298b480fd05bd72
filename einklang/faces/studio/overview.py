from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from einklang.faces.studio.access import Agent, page, studio_view


@require_safe
@studio_view("studio.open")
def overview(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The first place that the roles open; who has none is told so."""
    return redirect(agent.places[1].name) if agent.places[1:] else page(request, agent, "nothing")
