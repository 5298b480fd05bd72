"""The home page: what was chosen for this person and why, what is new, and what she allows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from einklang.faces.portal import library, parts
from einklang.faces.portal.access import Reader, reader_view
from einklang.faces.portal.permissions import PERMISSIONS, state_of
from einklang.loop.decide import recommend
from einklang.ui import locale
from einklang.ui.components import Factor, Why
from einklang.ui.text import t

RX_AUDIENCE = frozenset({"physician", "dentist", "veterinarian", "pharmacist", "licensed_trader"})  # HWG § 10(1)
NOON, EVENING = 11, 18
PICKS, NEWS = 4, 4


@require_safe
@never_cache
@reader_view()
def home(request: HttpRequest, reader: Reader) -> HttpResponse:
    personal = reader.tracked and "ohne" not in request.GET
    picks = _picks(reader, personal=personal)
    chosen = [pick.version for pick in picks]
    news = [each for each in library.visible(reader) if each.id not in {version.id for version in chosen}][:NEWS]
    context = {
        "reader": reader,
        "greeting": _greeting(reader),
        "personal": personal,
        "picks": [{**parts.card(pick.version), "why": _why(pick, personal=personal)} for pick in picks],
        "news": [parts.card(version) for version in news],
        "reach": _reach(reader),
        "mandatory": parts.mandatory(reader.cur, [*chosen, *news]),
    }
    return render(request, "portal/home.html", context)


def _picks(reader: Reader, *, personal: bool) -> list[recommend.Pick]:
    rx = reader.verification is not None and reader.verification.role in RX_AUDIENCE
    found = recommend.for_person(reader.cur, [reader.card.id], reader.now, personal=personal, rx=rx)
    return found.get(reader.card.id, [])[:PICKS]


def _why(pick: recommend.Pick, *, personal: bool) -> Why | None:
    """The computed reasons of a choice; their shares add up to a hundred."""
    language = locale.current()
    factors = [
        Factor(title=factor.name.in_(language), share=factor.share, detail=factor.text.in_(language))
        for factor in pick.reasons
    ]
    if not factors:
        return None
    question = t("Warum sehe ich das?", "Why do I see this?")
    return Why(sentence=factors[0].detail, factors=factors if personal else factors[:1], question=question)


def _greeting(reader: Reader) -> str:
    hour = timezone.localtime(reader.now).hour
    if hour < NOON:
        words = t("Guten Morgen", "Good morning")
    else:
        words = t("Guten Tag", "Good afternoon") if hour < EVENING else t("Guten Abend", "Good evening")
    name = reader.card.short(locale.current())
    form = reader.card.salutation if locale.current() == "de" and not name.startswith(reader.card.salutation) else ""
    return f"{words}, {' '.join(part for part in (form, name) if part)}."


def _reach(reader: Reader) -> list[tuple[str, str, str]]:
    """Icon, name and state of each permission."""
    return [
        (permission.icon, permission.label, state_of(reader.permissions.get(permission.name)).word)
        for permission in PERMISSIONS
    ]
