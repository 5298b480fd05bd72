"""The OpenAPI document for tools and, as a page, for people; for everybody, since it is no secret."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from einklang.core import settings
from einklang.faces.api.rest import reading
from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.reading import Operation, Prose
from einklang.faces.api.rest.texts import RULES
from einklang.faces.api.rest.titles import TAGS, TITLES
from einklang.services.tokens.scopes import SCOPES
from einklang.ui import locale
from einklang.ui.access import open_to_all

MACHINES = "en"
REFUSAL = """\
HTTP/1.1 422 Unprocessable Entity
Content-Type: application/problem+json

{
  "type": "about:blank",
  "title": "Unprocessable Entity",
  "status": 422,
  "detail": "evidence: The evidence is missing.",
  "errors": [
    {
      "field": "evidence",
      "rule": "The evidence is missing.",
      "way_out": "Say how it was said and where that is kept."
    }
  ]
}"""


@require_safe
@open_to_all
def openapi(request: HttpRequest) -> HttpResponse:
    """English, unless `lang` or the reader's own browser asks for German."""
    language = _asked(request)
    answer = JsonResponse(api.get_openapi_schema(language=language))
    answer.headers["Content-Language"] = language
    patch_vary_headers(answer, ["Accept-Language"])
    return answer


@require_safe
@open_to_all
def docs(request: HttpRequest) -> HttpResponse:
    language = locale.current()
    known = _operations(language)
    parts = [
        (f"t-{place}", TAGS[tag].in_(language), [(each, TITLES[each.id].in_(language)) for each in operations])
        for place, tag in enumerate(TAGS)
        if (operations := known[tag])
    ]
    scopes = [(name, scope.words.in_(language)) for name, scope in SCOPES.items()]
    told = {"rules": _rules(language), "refusal": REFUSAL, "language": language}
    return render(request, "rest/docs.html", {"parts": parts, "scopes": scopes, **told})


def _rules(language: str) -> list[tuple[str, Prose]]:
    return [(title.in_(language), Prose(text.in_(language))) for title, text in RULES]


@lru_cache(maxsize=len(locale.KNOWN))
def _operations(language: str) -> dict[str, list[Operation]]:
    return reading.operations(api.get_openapi_schema(language=language), settings.get().public_url.rstrip("/"))


def _asked(request: HttpRequest) -> str:
    header = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    wanted = [request.GET.get("lang", ""), *(code[:2] for code, _ in header)]
    return next((code for code in wanted if code in locale.KNOWN), MACHINES)
