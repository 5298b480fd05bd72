"""The second click of a double opt-in. A scanner that follows the link changes nothing: the button confirms."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.words import speak
from einklang.faces.portal.wishes import evidence
from einklang.services.privacy import opt_in
from einklang.ui import locale
from einklang.ui.access import open_to_all


@require_http_methods(["GET", "POST"])
@never_cache
@open_to_all
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, "portal/confirm.html")
    try:
        with transaction.atomic():
            opt_in.confirm(cursor(), token, evidence(request), clock.now())
    except InputError as error:
        language = locale.current()
        context = {"rule": speak(error.rule, language), "way_out": speak(error.way_out, language)}
        return render(request, "portal/link_refused.html", context, status=400)
    return render(request, "portal/confirmed.html")
