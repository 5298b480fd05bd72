"""Every unhandled error of a page ends here. The database is away for a moment: say so and when to come back. Any
other has a reference number that stands on the page and in the log."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Mapping

import django.db
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from einklang.core import ids
from einklang.core.pg import OUTAGES

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
    reference = str(ids.new())[-6:].upper()
    log.error("%s", _told(reference, request, problem))
    if not _reads_pages(request):
        return _problem({**MISTAKE, "detail": f"Our mistake. Reference {reference}."})
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def _told(reference: str, request: HttpRequest, problem: BaseException | None) -> str:
    """Kind and place of the error, not its message, in which the database quotes names and addresses."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    frames = "".join(traceback.format_tb(problem.__traceback__)) if problem else ""
    return f"Reference {reference}: {type(problem).__name__} in {view}\n{frames}".rstrip()


def unavailable(request: HttpRequest) -> HttpResponse:
    django.db.connection.close()
    response = HttpResponse(render_to_string("503.html"), status=503) if _reads_pages(request) else _problem(PROBLEM)
    response.headers["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _reads_pages(request: HttpRequest) -> bool:
    return request.accepts("text/html") and not request.path.startswith(API)


def _problem(told: Problem) -> HttpResponse:
    return JsonResponse(told, status=int(told["status"]), content_type="application/problem+json")
