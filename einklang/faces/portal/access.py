"""Who reads: an HCP with a person behind the login, who has answered the consent notice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.faces.portal import parts
from einklang.faces.portal.models import Notice
from einklang.facts.consent.status import Status, status
from einklang.facts.content import topics
from einklang.facts.content.topics import Names
from einklang.facts.people import read as people
from einklang.facts.people import viewer
from einklang.facts.people.models import User
from einklang.facts.people.read import PersonCard, Verification
from einklang.loop.gate.question import Verdict
from einklang.ui import locale
from einklang.ui.access import needs

DESK, STUDIO = "/desk/", "/studio/"
SESSION_KEY = "noticed"

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Reader:
    user: User
    card: PersonCard
    verification: Verification | None
    permissions: dict[str, Status]
    now: datetime
    cur: Cursor

    @property
    def tracked(self) -> bool:
        return self.granted("tracking")

    def granted(self, permission: str) -> bool:
        found = self.permissions.get(permission)
        return found is not None and found.state == "granted"

    @property
    def language(self) -> str:
        return locale.current()

    @cached_property
    def topics(self) -> Names:
        return topics.names(self.cur)

    def topic(self, slug: str) -> str:
        return topics.name(self.topics, slug).in_(self.language)


def reader_view(*, noticed: bool = True) -> Callable[[View], View]:
    """Calls the view with a `Reader`. `noticed`: who has not answered the consent notice is asked first."""

    def decorate(view: View) -> View:
        @needs("portal.read")
        @wraps(view)
        @login_required
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            user = cast(User, request.user)
            if user.person_id is None or not user.may("portal.read"):
                return _elsewhere(request, user)
            if noticed and not _noticed(request, user):
                return redirect(f"{reverse('portal:notice')}?{urlencode({'next': request.get_full_path()})}")
            reader = load(user)
            with viewer.seen_by(reader.cur, "person", reader.card.id, reader.now):
                return view(request, reader, **kwargs)

        return guarded

    return decorate


def _noticed(request: HttpRequest, user: User) -> bool:
    """Asked once a session: an answer is never taken back."""
    if SESSION_KEY not in request.session and Notice.objects.filter(user=user).exists():
        request.session[SESSION_KEY] = True
    return SESSION_KEY in request.session


def load(user: User) -> Reader:
    assert user.person_id is not None
    cur, now, person = cursor(), clock.now(), user.person_id
    return Reader(
        user=user,
        card=people.cards(cur, [person])[person],
        verification=people.verified(cur, [person], now).get(person),
        permissions=status(cur, [person]).get(person, {}),
        now=now,
        cur=cur,
    )


def reader_of(request: HttpRequest) -> Reader | None:
    """For pages that anybody may read: who it is, where somebody is logged in."""
    user = request.user
    known = isinstance(user, User) and user.person_id is not None and user.may("portal.read")
    return load(cast(User, user)) if known else None


def refused(request: HttpRequest, reader: Reader | None, verdict: Verdict) -> HttpResponse:
    """The gate's no as a page: answer, reason, way out, and nothing of what was asked for."""
    context = {"reader": reader, "verdict": parts.refusal(verdict)}
    return render(request, "portal/refused.html", context, status=403)


def _elsewhere(request: HttpRequest, user: User) -> HttpResponse:
    """People of the company have faces of their own."""
    if request.path != reverse("portal:home"):
        raise PermissionDenied
    if user.may("desk.open"):
        return redirect(DESK)
    if user.may("studio.open"):
        return redirect(STUDIO)
    raise PermissionDenied
