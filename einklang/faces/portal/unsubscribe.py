"""The page behind the visible unsubscribe link of a mail: no login, one button (DE-CON-07)."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import BadToken
from einklang.faces.portal.wishes import evidence
from einklang.services.privacy import unsubscribe as way_out
from einklang.ui.access import open_to_all
from einklang.ui.text import t


@csrf_exempt  # the token in the address is the proof; a page without cookies has no other
@require_http_methods(["GET", "POST"])
@never_cache
@open_to_all
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        with transaction.atomic():
            known, page = _done(request, token)
    except BadToken:
        known = False
    if not known:
        return render(request, "portal/link_refused.html", _refusal(), status=400)
    return render(request, page)


def _done(request: HttpRequest, token: str) -> tuple[bool, str]:
    cur = cursor()
    if request.method != "POST":
        return way_out.whom(cur, token) is not None, "portal/unsubscribe.html"
    stopped = way_out.unsubscribe(cur, token, evidence=evidence(request), now=clock.now(cur))
    return stopped, "portal/unsubscribed.html"


def _refusal() -> dict[str, str]:
    return {
        "rule": t("Dieser Link ist unvollständig oder nicht von uns.", "This link is incomplete or not ours."),
        "way_out": t(
            "Sie können E\u2011Mails auch nach der Anmeldung in Ihren Einstellungen abbestellen.",
            "You can also unsubscribe from e\u2011mails in your preferences after logging in.",
        ),
    }
