"""A session that ends in the middle of a form loses nothing: the input waits on the server until the next login.

Nothing is sent by itself. The page after the login shows that something waits, and its button sends it. Passwords and
files are not kept; nothing lies on the device (DE-TRK-01).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from einklang.core import clock
from einklang.ui.access import needs

KEPT = "kept_input"
MINUTES = 30
SECRET = ("csrfmiddlewaretoken", "password", "proof", "code", "credential")
LARGEST = 200_000


class KeptInput:
    """Stands behind the authentication: a form of somebody whose session ended is kept and the login shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nobody = not request.user.is_authenticated
        response = self.get_response(request)
        if request.method != "POST":
            return response
        if nobody and _goes_to_login(request, response) and (by := _before(request)):
            _keep(request, by)
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': reverse('ui:kept')})}")
        if not nobody and request.session.get(KEPT, {}).get("path") == request.get_full_path():
            del request.session[KEPT]
        return response


@require_http_methods(["GET", "POST"])
@needs("account.own")
@never_cache
@login_required
def kept(request: HttpRequest) -> HttpResponse:
    """What waits, for nobody but the one who typed it."""
    found = request.session.get(KEPT)
    request.session.set_expiry(None)  # a login's time, no longer that of what waits
    if request.method == "POST" or not found or not _is_hers(request, found):
        request.session.pop(KEPT, None)
        return redirect(found["back"] if found and request.method == "POST" else "/")
    return render(request, "ui/kept.html", {"kept": found})


def _goes_to_login(request: HttpRequest, response: HttpResponse) -> bool:
    login = reverse(settings.LOGIN_URL)
    place = response.headers.get("Location", "").partition("?")[0]
    return response.status_code == 302 and place == login != request.path


def _keep(request: HttpRequest, by: str) -> None:
    """Only of somebody who was logged in here: else anybody could fill the table of sessions."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if _may_lie(name)]
    if sum(len(value) for _, value in fields) > LARGEST:
        return
    request.session[KEPT] = {
        "path": request.get_full_path(),
        "back": request.path,
        "fields": fields,
        "by": by,
        "until": clock.real_now().timestamp() + 60 * MINUTES,
    }
    request.session.set_expiry(60 * MINUTES)


def _may_lie(name: str) -> bool:
    return not any(secret in name for secret in SECRET)


def _before(request: HttpRequest) -> str:
    """Whose session it was, where the server still knows."""
    row = Session.objects.filter(session_key=request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")).first()
    return str(row.get_decoded().get(SESSION_KEY, "")) if row else ""


def _is_hers(request: HttpRequest, found: dict[str, Any]) -> bool:
    in_time: bool = clock.real_now().timestamp() < found["until"]
    return in_time and str(request.user.pk) == found["by"]
