"""The contacts of the territory. Every search and filter is in the address, so that it can be kept and shared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from einklang.core.words import Words
from einklang.faces.desk import steps
from einklang.faces.desk.access import Rep, rep_view
from einklang.faces.desk.steps import say
from einklang.facts.consent import status as consent
from einklang.facts.consent.status import Status
from einklang.facts.people import browse
from einklang.facts.people.read import PersonCard
from einklang.loop.decide import insight, suggestions
from einklang.loop.profiles import read as profiles
from einklang.ui.text import t

PAGE = 25
OWN_CHANNELS = ("visit", "phone")  # what she did in portal and mail is told only by her permission (DE-TRK-04)
VISITS = ("visit", "marketing")
PERMISSIONS = {
    "email": Words("E\u2011Mail erlaubt", "E\u2011mail allowed"),
    "no_email": Words("E\u2011Mail fehlt", "E\u2011mail missing"),
    "pending": Words("Bestätigung steht aus", "Awaiting confirmation"),
    "visible": Words("Lesehistorie sichtbar", "Reading history visible"),
    "objected": Words("Besuch widersprochen", "Objected to visits"),
}
CONTACTS = {
    "30": Words("in den letzten 30 Tagen", "in the last 30 days"),
    "60": Words("vor über 60 Tagen", "over 60 days ago"),
    "never": Words("noch nie", "never"),
}


@dataclass(frozen=True)
class Contact:
    card: PersonCard
    permissions: Mapping[str, Status]
    last: datetime | None
    suggested: bool

    @property
    def email(self) -> str:
        return state.state if (state := self.permissions.get("email")) else ""

    @property
    def objected(self) -> bool:
        return any(name in self.permissions and self.permissions[name].state == "objected" for name in VISITS)


@dataclass(frozen=True)
class Wanted:
    text: str
    specialty: str
    place: str
    permission: str
    contact: str
    suggestion: bool


@require_safe
@rep_view()
def contacts(request: HttpRequest, rep: Rep) -> HttpResponse:
    wanted = _wanted(request.GET)
    asked = _asked(rep, wanted)
    page = Paginator(range(browse.total(rep.cur, rep.now, **asked)), PAGE).get_page(request.GET.get("page"))
    cards = browse.listing(rep.cur, rep.now, limit=PAGE, offset=PAGE * (page.number - 1), **asked)
    context = {
        "rep": rep,
        "wanted": wanted,
        "page": page,
        "contacts": _described(rep, cards),
        "total": len(rep.territory),
        "filters": _filters(rep, wanted),
    }
    context["turn"] = _without(request.GET, "page")
    return render(request, "desk/contacts.html", context)


def _asked(rep: Rep, wanted: Wanted) -> dict[str, Any]:
    """What the people's own table can answer, and the ids that are left by what other rooms answer."""
    of_people = {"text": wanted.text, "specialty": wanted.specialty, "city": wanted.place}
    return {name: value for name, value in of_people.items() if value} | {"persons": sorted(_left(rep, wanted))}


def _left(rep: Rep, wanted: Wanted) -> Set[UUID]:
    left: Set[UUID] = rep.territory
    if wanted.permission in PERMISSIONS:
        left = _permitted(rep, left, wanted.permission)
    if wanted.contact in CONTACTS:
        left = _contacted(rep, left, wanted.contact)
    return _suggested(rep, left) if wanted.suggestion else left


def _permitted(rep: Rep, persons: Set[UUID], choice: str) -> Set[UUID]:
    match choice:
        case "email":
            return consent.answered(rep.cur, persons, ["email"], ["granted"])
        case "no_email":
            return persons - consent.answered(rep.cur, persons, ["email"], ["granted", "pending", "objected"])
        case "pending":
            return consent.answered(rep.cur, persons, ["email"], ["pending"])
        case "visible":
            return consent.answered(rep.cur, persons, ["rep_visibility"], ["granted"])
    return consent.answered(rep.cur, persons, VISITS, ["objected"])


def _contacted(rep: Rep, persons: Set[UUID], choice: str) -> Set[UUID]:
    match choice:
        case "30":
            return profiles.contacted(rep.cur, persons, OWN_CHANNELS, after=rep.now - timedelta(days=30))
        case "60":
            return profiles.contacted(rep.cur, persons, OWN_CHANNELS, until=rep.now - timedelta(days=60))
    return persons - profiles.contacted(rep.cur, persons, OWN_CHANNELS)


def _suggested(rep: Rep, persons: Set[UUID]) -> Set[UUID]:
    """Only those for whom something stands are asked about at the gate."""
    standing = list(suggestions.open_for(rep.cur, persons))
    return set(steps.offered(rep, insight.grades(rep.cur, rep.user.id, standing, rep.now)))


def _described(rep: Rep, cards: Sequence[PersonCard]) -> list[Contact]:
    persons = [card.id for card in cards]
    allowed, suggested = consent.status(rep.cur, persons), _suggested(rep, set(persons))
    last = profiles.last_contact(rep.cur, persons, OWN_CHANNELS)
    return [Contact(card, allowed[card.id], last.get(card.id), card.id in suggested) for card in cards]


def _wanted(query: QueryDict) -> Wanted:
    def one(name: str) -> str:
        return query.get(name, "").replace("\0", "").strip()[:200]

    return Wanted(one("q"), one("specialty"), one("place"), one("permission"), one("contact"), bool(one("suggestion")))


def _filters(rep: Rep, wanted: Wanted) -> list[dict[str, Any]]:
    """Name, label, choices and what is chosen, for one select each."""
    specialties = [(each, each) for each in browse.known(rep.cur, "specialty")]
    places = [(each, each) for each in browse.cities(rep.cur)]
    return [
        _filter("specialty", t("Fachgebiet", "Specialty"), specialties, wanted.specialty),
        _filter("place", t("Ort", "Town"), places, wanted.place),
        _filter("permission", t("Erlaubnis", "Permission"), _spoken(PERMISSIONS), wanted.permission),
        _filter("contact", t("Letzter Kontakt", "Last contact"), _spoken(CONTACTS), wanted.contact),
    ]


def _filter(name: str, label: str, choices: Sequence[tuple[str, str]], chosen: str) -> dict[str, Any]:
    return {"name": name, "label": label, "choices": choices, "chosen": chosen}


def _spoken(choices: Mapping[str, Words]) -> list[tuple[str, str]]:
    return [(name, say(text)) for name, text in choices.items()]


def _without(query: QueryDict, name: str) -> str:
    rest = query.copy()
    rest.pop(name, None)
    return rest.urlencode()
