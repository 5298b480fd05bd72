"""Everybody of the company has a second factor (EU-DP-15): who has none sets one up before anything else opens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime

from einklang.core import clock
from einklang.facts.people import factors, roles
from einklang.facts.people.models import User

FREE = ("/konto/", "/abmeldung", "/anmelden", "/ui/", "/static/", "/setup/")
PROVED, SEEN = "second_factor", "seen"
EVERY = timedelta(minutes=5)


def is_required(user: User) -> bool:
    return bool(settings.SECOND_FACTOR_REQUIRED and roles.STAFF.intersection(user.roles))


class SecondFactorRequired:
    """Also notes when a session of the company was last seen. Professionals are not followed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User) and roles.STAFF.intersection(user.roles):
            if not request.path.startswith(FREE) and is_required(user) and not _proved(request, user):
                return redirect("mfa_index")
            _seen(request)
        return self.get_response(request)


def _proved(request: HttpRequest, user: User) -> bool:
    if not request.session.get(PROVED) and factors.having([user.id]):
        request.session[PROVED] = True
    return bool(request.session.get(PROVED))


def _seen(request: HttpRequest) -> None:
    now, last = clock.real_now(), parse_datetime(request.session.get(SEEN, ""))
    if last is None or now - last > EVERY:
        request.session[SEEN] = now.isoformat()
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=now)
