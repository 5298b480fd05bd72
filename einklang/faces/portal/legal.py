"""Pages of law that anybody may read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.core import company, settings
from einklang.faces.portal.reader import reader_of
from einklang.services.privacy import classes
from einklang.services.privacy.classes import RecordClass
from einklang.ui import locale
from einklang.ui.access import open_to_all

SHOWN = ("title", "what", "purpose", "recipients", "basis", "kept")


@require_safe
@open_to_all
def imprint(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/imprint.html", {"reader": reader_of(request), "imprint": company.current()})


@require_safe
@open_to_all
def privacy(request: HttpRequest) -> HttpResponse:
    own = company.current()
    context = {
        "reader": reader_of(request),
        "imprint": own,
        "address": ", ".join(own.address),
        "safety_mailbox": settings.get().safety_mailbox,
        "kept": [_said(each) for each in classes.every().values() if not each.hidden],
    }
    return render(request, "portal/privacy.html", context)


@require_safe
@open_to_all
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html", {"reader": reader_of(request), "imprint": company.current()})


def _said(each: RecordClass) -> dict[str, str]:
    language = locale.current()
    return {"rule": each.rule, **{name: getattr(each, name).in_(language) for name in SHOWN}}
