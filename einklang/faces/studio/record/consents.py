"""Where every permission stands, with the evidence behind it; whether the ledger is whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio import export, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Filter, Listing, pairs
from einklang.faces.studio.record import chains
from einklang.facts.audit import checks
from einklang.facts.consent import browse
from einklang.facts.consent.browse import Line
from einklang.facts.people import browse as register
from einklang.facts.people import read as people
from einklang.ui import numbers
from einklang.ui.components import Figure
from einklang.ui.text import t

LISTED = 20
FILE_PAGE = 500
NAMED_AT_MOST = 1000
HEADER = ("at", "person", "permission", "state", "grade", "channel", "source", "wording", "entry", "sha256")
EVIDENCE = {
    "by": ("Aufgenommen von", "Taken down by"),
    "because": ("Weil", "Because"),
    "confirms": ("Bestätigt Eintrag", "Confirms entry"),
    "demo": ("Vorführung", "Demonstration"),
    "form": ("Formular", "Form"),
    "ip": ("IP-Adresse", "IP address"),
    "locale": ("Sprache", "Language"),
    "mail": ("E\u2011Mail", "E\u2011mail"),
    "name": ("Unterschrieben als", "Signed as"),
    "user_agent": ("Gerät", "Device"),
}


@require_safe
@studio_view("studio.consents")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    asked = _listing(request, agent)
    if asked.wants_csv:
        return export.answer(asked, "consents", HEADER, _lines(asked))
    return _shown(request, agent, asked, None)


@require_safe
@studio_view("studio.consents")
def detail(request: HttpRequest, agent: Agent, entry: UUID) -> HttpResponse:
    """Where a permission stands now; what was said before stands at the person."""
    found = browse.listing(agent.cur, limit=1, entry=entry)
    if not found:
        raise Http404
    return _shown(request, agent, _listing(request, agent), found[0])


@require_POST
@studio_view("studio.consents")
def check(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Walks every chain. That somebody did is itself written down."""
    chains.ask(request, agent, checks.CONSENT, browse.length(agent.cur)[0])
    return redirect("studio:consents")


def _shown(request: HttpRequest, agent: Agent, asked: Listing, chosen: Line | None) -> HttpResponse:
    wanted = _wanted(asked)
    found = browse.listing(agent.cur, limit=LISTED, beyond=_id(asked.after), **wanted)
    opened = chosen or (found[0] if found else None)
    lines = [*found, *([opened] if opened else [])]
    names = {id_: card.display_name for id_, card in people.cards(agent.cur, {each.person for each in lines}).items()}
    rows = [_row(each, names) for each in found]
    asked.showing(rows, found[-1].entry if len(found) == LISTED else None, browse.total(agent.cur, **wanted))
    entries, subjects = browse.length(agent.cur)
    return page(
        request,
        agent,
        "consents",
        list=asked,
        opened=_row(opened, names) if opened else None,
        figures=_figures(agent),
        entries=entries,
        chains=subjects,
        chain=chains.last(agent, checks.CONSENT),
        opens=agent.may("studio.timeline"),
    )


def _row(line: Line, names: dict[UUID, str]) -> dict[str, Any]:
    label, icon = words.permission(line.permission)
    mark, sign = words.CONSENT_MARKS[line.state]
    return {
        "line": line,
        "name": names.get(line.person, t("gelöscht", "erased")),
        "permission": label,
        "icon": icon,
        "state": words.consent(line.state),
        "mark": mark,
        "sign": sign,
        "source": words.source(line.source),
        "evidence": [(_evidence(name), str(value)) for name, value in sorted((line.evidence or {}).items())],
    }


def _evidence(name: str) -> str:
    return t(*EVIDENCE[name]) if name in EVIDENCE else name


def _figures(agent: Agent) -> list[Figure]:
    """Granted of all who were ever asked, by permission."""
    told = []
    for name, states in browse.totals(agent.cur).items():
        granted, said = states.get("granted", 0), sum(states.values())
        of = t(f"von {numbers.number(said)}, die sich geäußert haben", f"of {numbers.number(said)} who answered")
        told.append(Figure(label=words.permission(name)[0], value=numbers.number(granted), of=of))
    return sorted(told, key=lambda figure: figure.label)


def _listing(request: HttpRequest, agent: Agent) -> Listing:
    permissions = [(name, words.permission(name)[0]) for name in words.PERMISSIONS]
    filters = [
        Filter(name="person", label=t("Person", "Person"), kind="text"),
        Filter(name="recht", label=t("Wozu", "For what"), options=permissions),
        Filter(name="stand", label=t("Stand", "State"), options=pairs(words.CONSENTS)),
        Filter(name="von", label=t("Seit", "Since"), kind="day"),
        Filter(name="bis", label=t("Bis", "Until"), kind="day"),
    ]
    return Listing(request, agent, filters, path="studio:consents")


def _wanted(asked: Listing) -> dict[str, Any]:
    cur, now, text = asked.agent.cur, asked.agent.now, asked.get("person")
    persons = [card.id for card in register.listing(cur, now, limit=NAMED_AT_MOST, text=text)] if text else None
    return {
        "persons": persons,
        "permission": asked.get("recht"),
        "state": asked.get("stand"),
        "since": asked.since("von"),
        "before": asked.until("bis"),
    }


def _lines(asked: Listing) -> Iterator[tuple[Any, ...]]:
    wanted = _wanted(asked)

    def fetch(after: str) -> tuple[list[Line], UUID | None]:
        found = browse.listing(asked.agent.cur, limit=FILE_PAGE, beyond=_id(after), **wanted)
        return found, found[-1].entry if len(found) == FILE_PAGE else None

    for each in export.every(fetch):
        what = (each.permission, each.state, each.grade, each.channel, each.source, each.wording)
        yield (each.at.isoformat(), each.person, *what, each.entry, each.sha256)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
