"""Short pages that anybody may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.core import company, settings
from einklang.faces.portal.access import reader_of
from einklang.ui.access import open_to_all


@require_safe
@open_to_all
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/imprint.html", {"reader": reader_of(request), "imprint": company.current()})


@require_safe
@open_to_all
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"reader": reader_of(request), "safety_mailbox": settings.get().safety_mailbox}
    return render(request, "portal/privacy.html", context)
