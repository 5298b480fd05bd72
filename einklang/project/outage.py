"""The database is away for a moment: say so and when to come back. Every unhandled error of a page ends here."""

from __future__ import annotations

import sys

import django.db
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from einklang.core.pg import OUTAGES

RETRY_AFTER_SECONDS = "2"
PROBLEM = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "detail": "The database is restarting.",
}


def server_error(request: HttpRequest) -> HttpResponse:
    problem = sys.exc_info()[1]
    if isinstance(problem, OUTAGES) or (problem and isinstance(problem.__cause__, OUTAGES)):  # Django wraps its own
        return unavailable(request)
    return defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    django.db.connection.close()
    response = (
        HttpResponse(render_to_string("503.html"), status=503)
        if request.accepts("text/html")
        else JsonResponse(PROBLEM, status=503, content_type="application/problem+json")
    )
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response
