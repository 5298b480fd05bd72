from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt

from einklang.faces.api.rest import problems
from einklang.faces.api.rest.api import api
from einklang.faces.api.rest.docs import docs, openapi
from einklang.faces.api.rest.frame import framed
from einklang.ui.access import open_to_all

app_name = "rest"


@csrf_exempt
@open_to_all
def unknown(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return problems.response(404, "There is no such address.")


def _framed(pattern: URLPattern) -> URLPattern:
    pattern.callback = framed(pattern.callback)
    return pattern


urlpatterns = [
    *(_framed(each) for each in api.urls[0] if isinstance(each, URLPattern) and each.name != "api-root"),
    path("openapi.json", framed(openapi), name="openapi-json"),
    path("docs", docs, name="docs"),
    path("", unknown, name="api-root"),
    re_path(r"^(?P<rest>.*)$", unknown, name="unknown"),
]
