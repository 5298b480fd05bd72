"""The page behind the visible unsubscribe link of a mail: no login, one button (DE-CON-07)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import BadToken, NotFound
from einklang.core.pg import Cursor
from einklang.faces.portal.wishes import evidence
from einklang.loop.gate import links, queue
from einklang.services.privacy import acts
from einklang.ui.access import open_to_all
from einklang.ui.text import t


@csrf_exempt  # the token in the address is the proof; a page without cookies has no other
@require_http_methods(["GET", "POST"])
@never_cache
@open_to_all
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    cur = cursor()
    person = _recipient(cur, token)
    if person is None:
        return render(request, "portal/link_refused.html", _refusal(), status=400)
    if request.method != "POST":
        return render(request, "portal/unsubscribe.html")
    with transaction.atomic():
        acts.withdraw(cur, person=person, permission="email", evidence=evidence(request), now=clock.now())
    return render(request, "portal/unsubscribed.html")


def _recipient(cur: Cursor, token: str) -> UUID | None:
    try:
        message = queue.get(cur, links.read(token, "stop").message)
    except (BadToken, NotFound):
        return None
    return message.recipient if message.recipient_kind == "person" else None


def _refusal() -> dict[str, str]:
    return {
        "rule": t("Dieser Link ist unvollständig oder nicht von uns.", "This link is incomplete or not ours."),
        "way_out": t(
            "Sie können E\u2011Mails auch nach der Anmeldung in Ihren Einstellungen abbestellen.",
            "You can also unsubscribe from e\u2011mails in your preferences after logging in.",
        ),
    }
