"""Find a person, and see everything that stands about her: what happened, what was withheld, what she allows."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.core.errors import NotFound
from einklang.faces.studio import timeline, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.status import Status, status
from einklang.facts.people import read as people
from einklang.facts.people.read import PersonCard
from einklang.loop.gate import verdicts
from einklang.ui import numbers
from einklang.ui.components import Chip
from einklang.ui.text import t

FOUND = 50
VERDICTS = 20
KINDS = {"granted": "yes", "pending": "wait", "withdrawn": "no", "objected": "no"}


@require_safe
@studio_view("studio.people")
def search(request: HttpRequest, agent: Agent) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = people.find(agent.cur, text=text, persons=None, limit=FOUND)
    return page(
        request, agent, "people", text=text, found=found, full=len(found) == FOUND, opens=agent.may("studio.timeline")
    )


@require_safe
@studio_view("studio.timeline")
def person(request: HttpRequest, agent: Agent, person: UUID) -> HttpResponse:
    card = card_of(agent, person)
    asked = verdicts.listing(agent.cur, person=person, limit=VERDICTS) if agent.may("studio.verdicts") else []
    return page(
        request,
        agent,
        "person",
        card=card,
        profession=words.profession(card),
        verification=people.verified(agent.cur, [person], agent.now).get(person),
        chips=[_chip(name, status(agent.cur, [person])[person].get(name)) for name in PERMISSIONS],
        story=timeline.story(agent, card),
        verdicts=words.rows(agent.cur, asked),
    )


def card_of(agent: Agent, person: UUID) -> PersonCard:
    try:
        return people.cards(agent.cur, [person])[person]
    except (KeyError, NotFound) as error:
        raise Http404 from error


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
