"""Files of a frozen version, behind the same question as its page."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.faces.portal import show
from einklang.faces.portal.access import reader_view, refused
from einklang.faces.portal.reader import Reader
from einklang.facts.content import read as content
from einklang.ui import files


@require_safe
@reader_view()
def asset(request: HttpRequest, reader: Reader, version: UUID, name: str) -> HttpResponseBase:
    found = content.versions(reader.cur, [version]).get(version)
    if found is None or name not in found.assets or not found.valid(reader.now):
        raise Http404
    verdict = show.verdicts(reader, [found])[0]
    if not verdict.yes:
        return refused(request, reader, verdict)
    response = files.send(request, files.path_of(name))
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
