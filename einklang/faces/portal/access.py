"""Who may read: an HCP with a person behind the login, who has answered the consent notice."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from einklang.faces.portal import parts
from einklang.faces.portal.models import Notice
from einklang.faces.portal.reader import Reader, load
from einklang.facts.people import viewer
from einklang.facts.people.models import User
from einklang.loop.gate.question import Verdict
from einklang.ui.access import needs

DESK, STUDIO = "/desk/", "/studio/"
SESSION_KEY = "noticed"

View = Callable[..., HttpResponseBase]


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
