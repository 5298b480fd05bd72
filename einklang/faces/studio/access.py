"""Who works here: staff, each with the places that the roles open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.faces.studio import toast
from einklang.faces.studio.errors import UnknownFilter
from einklang.facts.people.models import User
from einklang.ui.access import needs
from einklang.ui.text import t

View = Callable[..., HttpResponseBase]


class Place(NamedTuple):
    act: str
    name: str
    icon: str
    de: str
    en: str
    group: str = "loop"

    @property
    def label(self) -> str:
        return t(self.de, self.en)


GROUPS = {"loop": ("Schleife", "Loop"), "content": ("Inhalt", "Content"), "house": ("Haus", "House")}
PLACES = (
    Place("studio.open", "studio:overview", "presentation-chart", "Übersicht", "Overview"),
    Place("studio.people", "studio:people", "users-three", "Personen", "People"),
    Place("studio.journeys", "studio:journeys", "path", "Journeys", "Journeys"),
    Place("studio.mailings", "studio:mailings", "envelope-simple", "Aussendungen", "Mailings"),
    Place("studio.verdicts.count", "studio:verdicts", "scales", "Urteile", "Verdicts"),
    Place("studio.messages.count", "studio:messages", "paper-plane-tilt", "Nachrichten", "Messages"),
    Place("content.read", "studio:content", "files", "Inhalte", "Contents", "content"),
    Place("content.tasks", "studio:tasks", "seal-check", "Meine Aufgaben", "My tasks", "content"),
    Place("content.read", "studio:topics", "book-open-text", "Themen", "Topics", "content"),
    Place("content.read", "studio:smpc", "file-text", "Fachinformationen", "Product information", "content"),
    Place("studio.consents", "studio:consents", "shield-check", "Einwilligungen", "Consents"),
    Place("studio.pressure", "studio:pressure", "chart-bar", "Kontaktdruck", "Contact pressure"),
    Place("studio.dispatch", "studio:orders", "package", "Bestellungen", "Orders", "house"),
    Place("studio.requests", "studio:requests", "note-pencil", "Anträge", "Requests", "house"),
    Place("studio.imports", "studio:imports", "upload-simple", "Importe", "Imports", "house"),
    Place("studio.mapping", "studio:mapping", "equals", "Ereignisnamen", "Event names", "house"),
    Place("studio.settings", "studio:settings", "sliders-horizontal", "Kontaktregeln", "Contact rules", "house"),
    Place("studio.keys", "studio:keys", "lock-simple", "Schlüssel", "Keys", "house"),
    Place("studio.users", "studio:users", "identification-card", "Konten", "Accounts", "house"),
    Place("studio.audit", "studio:audit", "list-dashes", "Änderungen", "Audit log", "house"),
)


@dataclass(frozen=True)
class Agent:
    user: User
    cur: Cursor
    now: datetime

    def may(self, act: str) -> bool:
        return self.user.may(act)

    @property
    def places(self) -> list[Place]:
        return [place for place in PLACES if self.may(place.act)]

    @property
    def groups(self) -> list[tuple[str, str, list[Place]]]:
        """Id, heading and places of each part of the navigation that is not empty."""
        grouped = [(name, t(*GROUPS[name]), [each for each in self.places if each.group == name]) for name in GROUPS]
        return [group for group in grouped if group[2]]

    @property
    def initials(self) -> str:
        words = [word for word in self.user.name.split() if word[:1].isalpha() and not word.endswith(".")]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"

    @property
    def sees_health(self) -> bool:
        return self.may("studio.health")


def studio_view(act: str) -> Callable[[View], View]:
    """Calls the view with an `Agent` who may do `act`; what is not there is a plain 404."""

    def decorate(view: View) -> View:
        @needs(act)
        @wraps(view)
        @never_cache
        @login_required
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            user = cast(User, request.user)
            if not user.may(act):
                raise PermissionDenied
            cur = cursor()
            agent = Agent(user, cur, clock.now(cur))
            try:
                return view(request, agent, **kwargs)
            except NotFound as error:
                raise Http404 from error
            except UnknownFilter as error:
                return page(request, agent, "unknown_filter", list=error.listing, unknown=error.filters)

        return guarded

    return decorate


def page(request: HttpRequest, agent: Agent, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    shown = {"agent": agent, "toast": toast.take(request), **context}
    return render(request, f"studio/{name}.html", shown, status=status)
