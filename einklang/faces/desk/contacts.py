"""The contacts of the territory. Every search and filter is in the address, so that it can be kept and shared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

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
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.decide import insight
from einklang.loop.profiles import read as profiles
from einklang.ui.text import t

PAGE = 25
OWN_CHANNELS = ("visit", "phone")  # what she did in portal and mail is told only by her permission (DE-TRK-04)
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
        return any(
            name in self.permissions and self.permissions[name].state == "objected" for name in ("visit", "marketing")
        )

    @property
    def visible(self) -> bool:
        return (state := self.permissions.get("rep_visibility")) is not None and state.granted


ALLOWS: dict[str, Callable[[Contact], bool]] = {
    "email": lambda each: each.email == "granted",
    "no_email": lambda each: each.email in ("", "withdrawn"),
    "pending": lambda each: each.email == "pending",
    "visible": lambda each: each.visible,
    "objected": lambda each: each.objected,
}


@dataclass(frozen=True)
class Wanted:
    text: str
    specialty: str
    place: str
    permission: str
    contact: str
    suggestion: bool

    def fits(self, each: Contact, now: datetime) -> bool:
        return (
            self.specialty in ("", each.card.specialty)
            and self.place in ("", each.card.city)
            and (self.permission not in ALLOWS or ALLOWS[self.permission](each))
            and _contacted(self.contact, each.last, now)
            and (each.suggested or not self.suggestion)
        )


@require_safe
@rep_view()
def contacts(request: HttpRequest, rep: Rep) -> HttpResponse:
    wanted = _wanted(request.GET)
    everybody = _everybody(rep)
    named = {
        each.id for each in people.find(rep.cur, text=wanted.text, persons=rep.territory, limit=len(rep.territory))
    }
    found = [each for each in everybody if each.card.id in named and wanted.fits(each, rep.now)]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "rep": rep,
        "wanted": wanted,
        "page": page,
        "total": len(everybody),
        "filters": _filters(everybody, wanted),
    }
    context["turn"] = _without(request.GET, "page")
    return render(request, "desk/contacts.html", context)


def _everybody(rep: Rep) -> list[Contact]:
    persons = list(rep.territory)
    cards = sorted(people.cards(rep.cur, persons).values(), key=lambda each: (each.family_name, each.given_name))
    allowed, known = consent.status(rep.cur, persons), profiles.profiles(rep.cur, persons)
    suggested = set(steps.offered(rep, insight.grades(rep.cur, rep.user.id, persons, rep.now)))
    return [Contact(card, allowed[card.id], _last(known[card.id].last), card.id in suggested) for card in cards]


def _last(by_channel: Mapping[str, datetime]) -> datetime | None:
    return max((by_channel[name] for name in OWN_CHANNELS if name in by_channel), default=None)


def _contacted(choice: str, last: datetime | None, now: datetime) -> bool:
    match choice:
        case "30":
            return last is not None and last > now - timedelta(days=30)
        case "60":
            return last is not None and last <= now - timedelta(days=60)
        case "never":
            return last is None
    return True


def _wanted(query: QueryDict) -> Wanted:
    def one(name: str) -> str:
        return query.get(name, "").replace("\0", "").strip()[:200]

    return Wanted(one("q"), one("specialty"), one("place"), one("permission"), one("contact"), bool(one("suggestion")))


def _filters(everybody: Sequence[Contact], wanted: Wanted) -> list[dict[str, Any]]:
    """Name, label, choices and what is chosen, for one select each."""
    specialties = sorted({each.card.specialty for each in everybody} - {""})
    places = sorted({each.card.city for each in everybody} - {""})
    return [
        _filter("specialty", t("Fachgebiet", "Specialty"), [(each, each) for each in specialties], wanted.specialty),
        _filter("place", t("Ort", "Town"), [(each, each) for each in places], wanted.place),
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
