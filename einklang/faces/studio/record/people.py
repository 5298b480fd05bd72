"""Find a person, and see everything that stands about her: what happened, what was withheld, what she allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.core.errors import NotFound
from einklang.faces.studio import export, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Filter, Listing, pairs
from einklang.faces.studio.record import messages, timeline
from einklang.facts.consent import browse as ledger
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.status import Status, status
from einklang.facts.people import browse
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.gate import browse as outbox
from einklang.loop.gate import verdicts
from einklang.ui import numbers
from einklang.ui.components import Chip
from einklang.ui.text import t

LISTED = 50
FILE_PAGE = 500
PART = 50
KINDS = {"granted": "yes", "pending": "wait", "withdrawn": "no", "objected": "no"}
HEADER = ("person", "name", "profession", "specialty", "organisation", "postcode", "city", "territory")
TABS = {
    "": ("Verlauf", "Timeline", "studio.timeline"),
    "urteile": ("Urteile", "Verdicts", "studio.verdicts"),
    "nachrichten": ("Nachrichten", "Messages", "studio.messages"),
    "einwilligungen": ("Einwilligungen", "Consents", "studio.consents"),
}


@require_safe
@studio_view("studio.people")
def search(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    asked = Listing(request, agent, _filters(agent))
    wanted = _wanted(asked)
    if asked.wants_csv:
        return export.answer(asked, "people", HEADER, _lines(agent, wanted))
    found = browse.listing(agent.cur, agent.now, limit=LISTED, beyond=_id(asked.after), **wanted)
    following = found[-1].id if len(found) == LISTED else None
    asked.showing(_rows(agent, found), following, browse.total(agent.cur, agent.now, **wanted))
    return page(request, agent, "people", list=asked, text=asked.get("q") or "", opens=agent.may("studio.timeline"))


@require_safe
@studio_view("studio.timeline")
def person(request: HttpRequest, agent: Agent, person: UUID) -> HttpResponse:
    """By tabs, each with an address: `?teil=urteile`."""
    card = card_of(agent, person)
    known = status(agent.cur, [person])[person]
    tabs = [(name, t(de, en)) for name, (de, en, act) in TABS.items() if agent.may(act)]
    part = request.GET.get("teil", "")
    part = part if part in dict(tabs) else ""
    return page(
        request,
        agent,
        "person",
        card=card,
        profession=words.profession(card),
        territory=browse.territory_of(agent.cur, [person]).get(person),
        verification=people.verified(agent.cur, [person], agent.now).get(person),
        chips=[_chip(name, known.get(name)) for name in PERMISSIONS],
        tabs=tabs,
        part=part,
        **_part(agent, card, part),
    )


def card_of(agent: Agent, person: UUID) -> PersonCard:
    try:
        return people.cards(agent.cur, [person])[person]
    except (KeyError, NotFound) as error:
        raise Http404 from error


def _part(agent: Agent, card: PersonCard, part: str) -> dict[str, Any]:
    if part == "urteile":
        return {"verdicts": words.rows(agent.cur, verdicts.listing(agent.cur, person=card.id, limit=PART))}
    if part == "nachrichten":
        return {"messages_of": messages.rows(agent, outbox.listing(agent.cur, person=card.id, limit=PART))}
    if part == "einwilligungen":
        return {"lines": [(line, _word(line)) for line in ledger.history(agent.cur, card.id)]}
    return {"story": timeline.story(agent, card)}


def _word(line: ledger.Line) -> tuple[str, str, str, str]:
    mark, icon = words.CONSENT_MARKS[line.state]
    return words.consent(line.state), mark, icon, words.permission(line.permission)[0]


def _filters(agent: Agent) -> list[Filter]:
    cur = agent.cur
    lands = [(land, words.land(land)) for land in browse.known(cur, "land")]
    verified = [("ja", t("Bestätigt", "Verified")), ("nein", t("Nicht bestätigt", "Not verified"))]
    return [
        Filter(name="q", label=t("Name, Praxis oder Ort", "Name, practice or town"), kind="text"),
        Filter(
            name="beruf",
            label=t("Beruf", "Profession"),
            options=pairs(words.PROFESSIONS, browse.known(cur, "profession")),
        ),
        Filter(
            name="fach",
            label=t("Fachgebiet", "Specialty"),
            options=[(each, each) for each in browse.known(cur, "specialty")],
        ),
        Filter(name="land", label="Land", options=lands),
        Filter(
            name="gebiet",
            label=t("Gebiet", "Territory"),
            options=[(str(id_), name) for id_, name in browse.territories(cur)],
        ),
        Filter(name="nachweis", label=t("Nachweis", "Proof"), options=verified),
    ]


def _wanted(asked: Listing) -> dict[str, Any]:
    territory, verified = asked.get("gebiet"), asked.get("nachweis")
    return {
        "text": asked.get("q"),
        "profession": asked.get("beruf"),
        "specialty": asked.get("fach"),
        "land": asked.get("land"),
        "territory": UUID(territory) if territory else None,
        "verified": verified == "ja" if verified else None,
    }


def _rows(agent: Agent, found: list[PersonCard]) -> list[tuple[PersonCard, bool, str]]:
    """With whether her profession is proven, and her territory."""
    ids = [card.id for card in found]
    proven = people.verified(agent.cur, ids, agent.now)
    territories = browse.territory_of(agent.cur, ids)
    return [(card, card.id in proven, territories.get(card.id, "")) for card in found]


def _lines(agent: Agent, wanted: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    def fetch(after: str) -> tuple[list[tuple[PersonCard, bool, str]], UUID | None]:
        found = browse.listing(agent.cur, agent.now, limit=FILE_PAGE, beyond=_id(after), **wanted)
        return _rows(agent, found), found[-1].id if len(found) == FILE_PAGE else None

    for card, _, territory in export.every(fetch):
        place = (card.organisation, card.postcode, card.city, territory)
        yield (card.id, card.display_name, card.profession, card.specialty, *place)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _chip(permission: str, found: Status | None) -> Chip:
    label, icon = words.permission(permission)
    if found is None:
        free = not PERMISSIONS[permission].consent
        return Chip(
            kind="yes" if free else "ask",
            icon=icon,
            label=label,
            state=t("kein Widerspruch", "no objection") if free else t("nie erteilt", "never granted"),
        )
    sign = {"no": "prohibit", "wait": "hourglass-medium"}.get(KINDS[found.state], icon)
    return Chip(kind=KINDS[found.state], icon=sign, label=label, state=_state(found))  # type: ignore[arg-type]


def _state(found: Status) -> str:
    day = numbers.short_day(found.since)
    grade = {"title": t(", mit Titel", ", with title"), "topic": t(", nur Thema", ", topic only")}.get(
        found.grade or "", ""
    )
    return {
        "granted": t(f"erteilt am {day}{grade}", f"granted on {day}{grade}"),
        "pending": t("Bestätigung steht aus", "awaiting confirmation"),
        "withdrawn": t(f"widerrufen am {day}", f"withdrawn on {day}"),
        "objected": t(f"widersprochen am {day}", f"objected on {day}"),
    }[found.state]
