"""Everything that the portal shows this person, the newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from einklang.faces.portal import parts, show
from einklang.faces.portal.access import reader_view
from einklang.faces.portal.reader import Reader
from einklang.facts.content import read as content
from einklang.facts.content.read import Version


@require_safe
@never_cache
@reader_view()
def knowledge(request: HttpRequest, reader: Reader) -> HttpResponse:
    versions = visible(reader)
    context = {
        "reader": reader,
        "cards": [parts.card(version, reader) for version in versions],
        "mandatory": parts.mandatory(reader.cur, versions),
    }
    return render(request, "portal/knowledge.html", context)


def listed(reader: Reader) -> list[Version]:
    """What is live where she works; who may see it is another question."""
    return content.listing(reader.cur, now=reader.now, kinds=show.KINDS, market=reader.card.market)


def visible(reader: Reader) -> list[Version]:
    return show.allowed(reader, listed(reader))
