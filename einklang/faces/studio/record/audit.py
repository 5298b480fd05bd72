"""Who changed what in this house, newest first; whether the log is whole; and that somebody has reviewed it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio import export, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Filter, Listing
from einklang.faces.studio.record import audit_words, chains
from einklang.facts.audit import checks, trail
from einklang.facts.audit.trail import Entry
from einklang.facts.people import read as people
from einklang.ui.text import t

LISTED = 50
FILE_PAGE = 500
LONGEST_NOTE = 300
HEADER = ("position", "at", "who", "act", "object", "field", "old", "new", "reason", "source", "sha256")


@require_safe
@studio_view("studio.audit")
def listing(request: HttpRequest, agent: Agent) -> HttpResponseBase:
    asked = Listing(request, agent, _filters(agent))
    if asked.wants_csv:
        return export.answer(asked, "audit", HEADER, _lines(asked))
    found = trail.listing(agent.cur, limit=LISTED, before=_position(asked.after), **_wanted(asked))
    following = found[-1].position if len(found) == LISTED else None
    names = {id_: user.name for id_, user in people.users(agent.cur, {each.who for each in found if each.who}).items()}
    asked.showing([_row(each, names) for each in found], following)
    return page(
        request,
        agent,
        "audit",
        list=asked,
        reviewed=next(iter(trail.listing(agent.cur, limit=1, act="audit.review")), None),
        chain=chains.last(agent, checks.AUDIT),
    )


@require_POST
@studio_view("studio.audit")
def check(request: HttpRequest, agent: Agent) -> HttpResponse:
    chains.ask(request, agent, checks.AUDIT, trail.length(agent.cur))
    return redirect("studio:audit")


@require_POST
@studio_view("studio.audit")
def review(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Annex 11 § 9: regularly reviewed. Who, when and up to which entry is an entry itself."""
    note = " ".join(request.POST.get("note", "").replace("\0", "").split())
    newest = next(iter(trail.listing(agent.cur, limit=1)), None)
    if not note or len(note) > LONGEST_NOTE:
        messages.error(
            request,
            t(
                f"Es fehlt, was Sie durchgesehen haben: 1 bis {LONGEST_NOTE} Zeichen, etwa „November, ohne Befund“.",
                f"What you reviewed is missing: 1 to {LONGEST_NOTE} characters, such as “November, no findings”.",
            ),
        )
        return redirect("studio:audit")
    act = trail.Act(
        act="audit.review",
        object="audit",
        who=agent.user.id,
        field="reviewed_to",
        new=newest.position if newest else 0,
        reason=note,
    )
    with transaction.atomic():
        trail.write(agent.cur, [act], agent.now)
    toast.tell(request, t("Die Durchsicht ist festgehalten.", "The review is on record."))
    return redirect("studio:audit")


def _filters(agent: Agent) -> list[Filter]:
    acts = trail.acts(agent.cur)
    users = people.users(agent.cur, trail.authors(agent.cur))
    return [
        Filter(name="wer", label=t("Wer", "Who"), options=[(str(each.id), each.name) for each in users.values()]),
        Filter(name="was", label=t("Was", "What"), options=[(each, audit_words.act(each)) for each in acts]),
        Filter(name="objekt", label=t("Woran", "On what"), kind="text"),
        Filter(name="von", label=t("Seit", "Since"), kind="day"),
        Filter(name="bis", label=t("Bis", "Until"), kind="day"),
    ]


def _wanted(asked: Listing) -> dict[str, Any]:
    return {
        "who": asked.get("wer"),
        "act": asked.get("was"),
        "object": asked.get("objekt"),
        "since": asked.since("von"),
        "until": asked.until("bis"),
    }


def _lines(asked: Listing) -> Iterator[tuple[Any, ...]]:
    wanted = _wanted(asked)

    def fetch(after: str) -> tuple[list[Entry], int | None]:
        found = trail.listing(asked.agent.cur, limit=FILE_PAGE, before=_position(after), **wanted)
        return found, found[-1].position if len(found) == FILE_PAGE else None

    for each in export.every(fetch):
        what = (each.act, each.object, each.field, _plain(each.old), _plain(each.new), each.reason, each.source)
        yield (each.position, each.at.isoformat(), each.who, *what, each.sha256)


def _row(entry: Entry, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "who": names.get(entry.who, t("unbekannt", "unknown")) if entry.who else t("Das System", "The system"),
        "act": audit_words.act(entry.act),
        "thing": audit_words.thing(entry.object),
        "field": audit_words.field(entry.field),
        "old": audit_words.value(entry.old),
        "new": audit_words.value(entry.new),
    }


def _plain(value: Any) -> str:
    """In a file values stay what they are, so that they can be compared."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _position(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None
