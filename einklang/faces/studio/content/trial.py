"""A mail sent to the house from its content's page, as from a mailing: before its approval by those who make it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from einklang.faces.studio.access import Agent, studio_view
from einklang.faces.studio.mailings import proofs
from einklang.facts.content.read import Version
from einklang.services.approval import acts

KIND = "mail"
TESTABLE = ("draft", "frozen")


@require_POST
@studio_view(proofs.CONTROL)
def test(request: HttpRequest, agent: Agent, version: UUID) -> HttpResponse:
    content = acts.get(agent.cur, version)
    if content.kind != KIND:
        raise Http404
    proofs.tried(request, agent, content.id)
    return redirect("studio:content-detail", version=version)


def shown(agent: Agent, content: Version) -> dict[str, Any]:
    """Nothing where there is no mail, or where somebody may neither send a test nor see who got one."""
    if content.kind != KIND or not agent.may(proofs.ACT):
        return {}
    open_ = agent.may(proofs.CONTROL) and content.state in TESTABLE
    return proofs.shown(agent, content.id, reverse("studio:content-test", args=[content.id]) if open_ else "")
