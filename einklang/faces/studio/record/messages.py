"""The messages by state: what waits, what went, what nobody can say; one of them with the mail that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from einklang.core import clock
from einklang.faces.studio import export, groups, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import COUNTABLE, Filter, Listing, pairs
from einklang.faces.studio.operations import rests
from einklang.faces.studio.record import message_chart
from einklang.facts.content import read as content
from einklang.facts.people import read as people
from einklang.loop.decide import disclosure
from einklang.loop.decide.journeys import store
from einklang.loop.gate import browse, census, notes, queue
from einklang.loop.gate.queue import Message
from einklang.ui import channels, locale
from einklang.ui.text import t

LISTED = 20
FILE_PAGE = 500
MARKS = {
    "planned": ("", "clock"),
    "held": ("warn", "pause"),
    "sending": ("voice", "paper-plane-tilt"),
    "sent": ("ok", "check"),
    "delivered": ("ok", "check"),
    "failed": ("danger", "warning"),
    "withheld": ("hold", "hand-palm"),
    "uncertain": ("warn", "warning"),
}
MAY = {
    "planned": ("hold", "withhold"),
    "held": ("release", "withhold"),
    "uncertain": ("arrived", "release", "withhold"),
}
CHANNELS = ("email", "visit", "phone")
HEADER = ("created_at", "due_at", "state", "channel", "purpose", "person", "subject", "attempts", "message")
MAIL_STYLE = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Row:
    message: Message
    to: str
    subject: str
    state: str
    mark: str
    icon: str
    may: tuple[str, ...]
    locked: bool
    note: str


@require_safe
@studio_view("studio.messages.count")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    if not agent.may("studio.messages"):
        return page(request, agent, "messages", named=False, **_states(agent, ""))
    asked = _listing(request, agent)
    if asked.wants_csv:
        return export.answer(asked, "messages", HEADER, _lines(agent, asked))
    return _shown(request, agent, asked, None)


@require_safe
@studio_view("studio.messages")
def detail(request: HttpRequest, agent: Agent, message: UUID) -> HttpResponseBase:
    """Beside the list that it was opened from."""
    return _shown(request, agent, _listing(request, agent), queue.get(agent.cur, message))


@require_safe
@xframe_options_sameorigin
@studio_view("studio.messages")
def mail(request: HttpRequest, agent: Agent, message: UUID) -> HttpResponse:
    """The mail itself, for a frame: its own styles, no script, no link that counts."""
    found = queue.get(agent.cur, message)
    preview = None if _locked(agent, found) else browse.preview(agent.cur, found, agent.now)
    if preview is None:
        raise Http404
    response = HttpResponse(preview.html)
    response.headers["Content-Security-Policy"] = MAIL_STYLE
    return response


def _shown(request: HttpRequest, agent: Agent, asked: Listing, chosen: Message | None) -> HttpResponseBase:
    wanted = _wanted(asked)
    found = browse.listing(agent.cur, limit=LISTED, beyond=_id(asked.after), **wanted)
    following = found[-1].id if len(found) == LISTED else None
    asked.showing(rows(agent, found), following, browse.total(agent.cur, most=COUNTABLE + 1, **wanted))
    opened = chosen or (found[0] if found else None)
    response = page(
        request,
        agent,
        "messages",
        named=True,
        list=asked,
        opened=next(iter(rows(agent, [opened] if opened else [])), None),
        preview=_preview(agent, opened) if opened else None,
        controls=agent.may("studio.messages.control"),
        rests=rests.shown(agent),
        verdicts=agent.may("studio.verdicts"),
        person=opened.person if opened and agent.may("studio.timeline") else None,
        **_states(agent, asked.get("zustand") or ""),
    )
    response.frames = True  # type: ignore[attr-defined]
    return response


def _preview(agent: Agent, message: Message) -> browse.Preview | None:
    if message.channel != "email" or _locked(agent, message):
        return None
    return browse.preview(agent.cur, message, agent.now)


def _locked(agent: Agent, message: Message) -> bool:
    """Its words were said to medical or to drug safety."""
    return disclosure.confidential(message.purpose, message.unit) and not agent.may("safety.read")


def _states(agent: Agent, chosen: str) -> dict[str, Any]:
    seen, named = census.look(agent.cur), agent.may("studio.messages")
    counts = seen.states
    return {
        "counts": [
            (name, words.state(name), groups.told(counts.get(name, 0), named=named), *MARKS[name])
            for name in words.STATES
        ],
        "uncertain": counts.get("uncertain", 0),
        "state": chosen,
        "total": groups.told(seen.total, named=named),
        "counted": clock.real_now() - seen.at if seen.at else None,
        "chart": message_chart.chart(agent.cur, agent.now, named=named),
    }


def _listing(request: HttpRequest, agent: Agent) -> Listing:
    journeys = [(str(row.id), row.title.in_(locale.current())) for row in store.listing(agent.cur)]
    filters = [
        Filter(name="zustand", label=t("Zustand", "State"), options=pairs(words.STATES)),
        Filter(
            name="kanal", label=t("Kanal", "Channel"), options=[(each, channels.look(each).name) for each in CHANNELS]
        ),
        Filter(name="zweck", label=t("Zweck", "Purpose"), options=pairs(words.PURPOSES)),
        Filter(name="journey", label="Journey", options=journeys),
        Filter(name="von", label=t("Angelegt seit", "Created since"), kind="day"),
        Filter(name="bis", label=t("Bis", "Until"), kind="day"),
    ]
    return Listing(request, agent, filters, path="studio:messages")


def _wanted(asked: Listing) -> dict[str, Any]:
    journey = asked.get("journey")
    return {
        "state": asked.get("zustand"),
        "channel": asked.get("kanal"),
        "purpose": asked.get("zweck"),
        "journeys": [each.id for each in store.versions(asked.agent.cur, UUID(journey))] if journey else None,
        "since": asked.since("von"),
        "before": asked.until("bis"),
    }


def _lines(agent: Agent, asked: Listing) -> Iterator[tuple[Any, ...]]:
    wanted = _wanted(asked)

    def fetch(after: str) -> tuple[list[Row], UUID | None]:
        found = browse.listing(agent.cur, limit=FILE_PAGE, beyond=_id(after), **wanted)
        return rows(agent, found), found[-1].id if len(found) == FILE_PAGE else None

    for row in export.every(fetch):
        one = row.message
        times = (one.created_at.isoformat(), one.due_at.isoformat())
        yield (*times, one.state, one.channel, one.purpose, one.person, row.subject, one.attempts, one.id)


def rows(agent: Agent, found: list[Message]) -> list[Row]:
    cards = people.cards(agent.cur, {each.person for each in found if each.person})
    versions = content.versions(agent.cur, {each.content for each in found})
    controls = agent.may("studio.messages.control")
    return [
        Row(
            message=each,
            to=cards[each.person].display_name if each.person in cards else _elsewhere(each),
            subject=t("Vertraulich", "Confidential")
            if _locked(agent, each)
            else versions[each.content].title(locale.current()),
            state=words.state(each.state),
            mark=MARKS[each.state][0],
            icon=MARKS[each.state][1],
            may=MAY.get(each.state, ()) if controls else (),
            locked=_locked(agent, each),
            note=notes.say(each.detail, locale.current()),
        )
        for each in found
    ]


def _elsewhere(message: Message) -> str:
    return message.address or t("Mitarbeitende", "Staff")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
