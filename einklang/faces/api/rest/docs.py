"""The OpenAPI document as a page, for everybody: the document itself is no secret."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.core import settings
from einklang.faces.api.rest import reading
from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.reading import Operation
from einklang.faces.api.rest.titles import TAGS, TITLES
from einklang.services.tokens.scopes import SCOPES
from einklang.ui import locale
from einklang.ui.access import open_to_all


@require_safe
@open_to_all
def docs(request: HttpRequest) -> HttpResponse:
    language = locale.current()
    parts = [
        (f"t-{place}", TAGS[tag].in_(language), [(each, TITLES[each.id].in_(language)) for each in operations])
        for place, tag in enumerate(TAGS)
        if (operations := _operations()[tag])
    ]
    scopes = [(name, scope.words.in_(language)) for name, scope in SCOPES.items()]
    return render(request, "rest/docs.html", {"parts": parts, "scopes": scopes})


@lru_cache(maxsize=1)
def _operations() -> dict[str, list[Operation]]:
    return reading.operations(api.get_openapi_schema(), settings.get().public_url.rstrip("/"))
