"""Who changed what in this house, newest first; whether the log is whole; and that somebody has reviewed it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from einklang.faces.studio import chains, export, toast
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.lists import Filter, Listing
from einklang.facts.audit import checks, trail
from einklang.facts.audit.trail import Entry
from einklang.facts.people import read as people
from einklang.ui.text import t

LISTED = 50
FILE_PAGE = 500
LONGEST_NOTE = 300
HEADER = ("position", "at", "who", "act", "object", "field", "old", "new", "reason", "source", "sha256")
ACTS = {
    "audit.check": ("Protokoll geprüft", "Log checked"),
    "audit.review": ("Protokoll durchgesehen", "Log reviewed"),
    "consent.check": ("Einwilligungen geprüft", "Consents checked"),
    "content.change": ("Inhalt geändert", "Content changed"),
    "content.renew": ("Neue Fassung begonnen", "New version begun"),
    "content.request_changes": ("Änderung verlangt", "Changes requested"),
    "content.sign": ("Inhalt unterzeichnet", "Content signed"),
    "content.submit": ("Zur Freigabe gegeben", "Submitted for approval"),
    "content.withdraw": ("Inhalt zurückgezogen", "Content withdrawn"),
    "journey.pause": ("Journey angehalten", "Journey paused"),
    "journey.publish": ("Journey veröffentlicht", "Journey published"),
    "journey.resume": ("Journey fortgesetzt", "Journey resumed"),
    "journey.stop": ("Journey beendet", "Journey stopped"),
    "list.export": ("Liste exportiert", "List exported"),
    "message.hold": ("Nachricht angehalten", "Message held"),
    "message.release": ("Nachricht freigegeben", "Message released"),
    "message.withhold": ("Nachricht zurückgehalten", "Message withheld"),
    "person.corrected": ("Person berichtigt", "Person corrected"),
    "person.erased": ("Person gelöscht", "Person erased"),
    "person.exported": ("Person exportiert", "Person exported"),
    "request.opened": ("Antrag aufgenommen", "Request taken down"),
    "settings.change": ("Kontaktregeln geändert", "Contact rules changed"),
    "user.create": ("Konto angelegt", "Account created"),
    "user.deactivate": ("Konto gesperrt", "Account deactivated"),
    "user.reactivate": ("Konto entsperrt", "Account reactivated"),
    "user.change": ("Konto geändert", "Account changed"),
}


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
        Filter(name="was", label=t("Was", "What"), options=[(each, _act(each)) for each in acts]),
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
        what = (each.act, each.object, each.field, _value(each.old), _value(each.new), each.reason, each.source)
        yield (each.position, each.at.isoformat(), each.who, *what, each.sha256)


def _row(entry: Entry, names: dict[Any, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "who": names.get(entry.who, t("unbekannt", "unknown")) if entry.who else t("Das System", "The system"),
        "act": _act(entry.act),
        "old": _value(entry.old),
        "new": _value(entry.new),
    }


def _act(name: str) -> str:
    return t(*ACTS[name]) if name in ACTS else name


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(part)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_value(part) for part in value)
    if isinstance(value, bool):
        return t("ja", "yes") if value else t("nein", "no")
    return "" if value is None else str(value)


def _position(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None
