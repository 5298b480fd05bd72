"""Keeping a list's filters under a name, and letting go of them again."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_POST

from einklang.faces.studio import toast
from einklang.faces.studio.access import Agent, studio_view
from einklang.faces.studio.models import SavedView
from einklang.ui.text import t

LONGEST_NAME = 60
LONGEST_QUERY = 1000


@require_POST
@studio_view("studio.open")
def save(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The same name again means: this is now the view of that name."""
    path, query = request.POST.get("path", ""), _plain(request.POST.get("query", ""))
    if not _is_list(path):
        return HttpResponseBadRequest()
    back = f"{path}?{query}"
    name = " ".join(request.POST.get("name", "").replace("\0", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        told = (
            t("Der Ansicht fehlt ein Name", "The view lacks a name")
            if not name
            else t("Der Name ist zu lang", "The name is too long")
        )
        messages.error(
            request, told + t(f": Er hat 1 bis {LONGEST_NAME} Zeichen.", f": it has 1 to {LONGEST_NAME} characters.")
        )
        return redirect(back)
    view, _ = SavedView.objects.update_or_create(
        owner=agent.user, path=path, name=name, defaults={"query": query, "shared": "shared" in request.POST}
    )
    toast.tell(
        request,
        t(f"Ansicht „{name}“ gespeichert.", f"View “{name}” saved."),
        undo=reverse("studio:view-remove", args=[view.id]),
    )
    return redirect(back)


@require_POST
@studio_view("studio.open")
def remove(request: HttpRequest, agent: Agent, view: UUID) -> HttpResponse:
    found = SavedView.objects.filter(id=view, owner=agent.user).first()
    if found is None:
        return redirect("studio:overview")
    found.delete()
    fields = {"path": found.path, "query": found.query, "name": found.name} | ({"shared": "1"} if found.shared else {})
    toast.tell(
        request,
        t(f"Ansicht „{found.name}“ entfernt.", f"View “{found.name}” removed."),
        undo=reverse("studio:view-save"),
        fields=fields,
    )
    return redirect(found.path)


def _is_list(path: str) -> bool:
    try:
        return resolve(path).app_name == "studio"
    except Resolver404:
        return False


def _plain(query: str) -> str:
    return urlencode(parse_qsl(query[:LONGEST_QUERY].replace("\0", "")))
