"""Every unhandled error of a page ends here. The database is away for a moment: say so and when to come back. Any
other has a reference, the id of the request, that stands on the page and in the log."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping

import django.db
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from einklang.core.pg import OUTAGES
from einklang.watch import lines

log = logging.getLogger("einklang.web")
Problem = Mapping[str, str | int]
RETRY_AFTER_SECONDS = "2"
PROBLEM: Problem = {
    "type": "about:blank",
    "title": "Service Unavailable",
    "status": 503,
    "detail": "The database is restarting.",
}
MISTAKE: Problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
API = "/api/"


def server_error(request: HttpRequest) -> HttpResponse:
    problem = sys.exc_info()[1]
    if isinstance(problem, OUTAGES) or (problem and isinstance(problem.__cause__, OUTAGES)):  # Django wraps its own
        return unavailable(request)
    reference = lines.request.get() or lines.new_request()
    view = request.resolver_match.view_name if request.resolver_match else ""
    log.error("Reference %s in %s: %s", reference, view, lines.told(problem))
    if not _reads_pages(request):
        return _problem({**MISTAKE, "detail": f"Our mistake. Reference {reference}."})
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    django.db.connection.close()
    response = HttpResponse(render_to_string("503.html"), status=503) if _reads_pages(request) else _problem(PROBLEM)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _reads_pages(request: HttpRequest) -> bool:
    return request.accepts("text/html") and not request.path.startswith(API)


def _problem(told: Problem) -> HttpResponse:
    return JsonResponse(told, status=int(told["status"]), content_type="application/problem+json")
