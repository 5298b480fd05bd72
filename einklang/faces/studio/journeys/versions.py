"""The versions of a journey: who published them when, and what differs between two, in words and as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys.pages import find, named, titles
from einklang.faces.studio.journeys.picture import Links, Picture, picture
from einklang.facts.people import read as people
from einklang.loop.decide.journeys import changes, store
from einklang.loop.decide.journeys.changes import Change
from einklang.loop.decide.journeys.problems import Document
from einklang.loop.decide.journeys.store import Published
from einklang.ui.text import t

FIELDS = {
    "title": ("Titel", "Title"),
    "timezone": ("Zeitzone", "Time zone"),
    "trigger": ("Eintritt", "Entry"),
    "reentry": ("Wiedereintritt", "Re-entry"),
    "holdout_percent": ("Vergleichsgruppe in Prozent", "Hold-out in percent"),
    "goals": ("Weitere Ziele", "Further goals"),
    "split": ("Versuch", "Experiment"),
    "order": ("Reihenfolge", "Order"),
    "start": ("Erster Schritt", "First step"),
    "goal": ("Ziel", "Goal"),
    "exit": ("Austritt", "Exit"),
    "wait": ("Wartezeit", "Waiting time"),
    "wait_for": ("Zeichen", "Sign"),
    "branch": ("Frage", "Question"),
    "message": ("Nachricht", "Message"),
    "suggest": ("Vorschlag", "Suggestion"),
    "next": ("Danach", "Then"),
    "then": ("Wenn ja", "If yes"),
    "else": ("Wenn nein", "If no"),
}
SIGNS = {"added": ("neu", "new"), "removed": ("entfällt", "removed"), "changed": ("geändert", "changed")}


@dataclass(frozen=True)
class Said:
    """One difference in words."""

    sign: str
    word: str
    what: str
    before: str
    after: str


@require_safe
@studio_view("studio.journeys")
def listing(request: HttpRequest, agent: Agent, journey: UUID) -> HttpResponse:
    row = find(agent, journey)
    versions = store.versions(agent.cur, journey)
    authors = people.users(agent.cur, {each.published_by for each in versions})
    pair = _pair(request, versions)
    return page(
        request,
        agent,
        "journey_versions",
        journey=named(agent, row),
        tab="versions",
        versions=[(each, authors[each.published_by].name) for each in versions[::-1]],
        compared=pair,
        difference=_difference(agent, *pair) if pair else None,
        controls=agent.may("studio.journeys.control"),
    )


def said(before: Document, after: Document) -> list[Said]:
    return [_said(each) for each in changes.changes(before, after)]


def _said(change: Change) -> Said:
    field = t(*FIELDS.get(change.field, (change.field, change.field)))
    step = t(f"Schritt „{change.step}“", f"Step “{change.step}”") if change.step else ""
    what = ": ".join(part for part in (step, field) if part)
    return Said(change.sign, t(*SIGNS[change.sign]), what, change.before, change.after)


def _pair(request: HttpRequest, versions: Sequence[Published]) -> tuple[Published, Published] | None:
    """Two numbers in the address; without any, the two newest."""
    if len(versions) < 2:
        return None
    known = {str(each.number): each for each in versions}
    older = request.GET.get("von", str(versions[-2].number))
    newer = request.GET.get("mit", str(versions[-1].number))
    if older not in known or newer not in known:
        raise Http404
    return known[older], known[newer]


def _difference(agent: Agent, before: Published, after: Published) -> dict[str, object]:
    old, new = before.document, after.document
    return {
        "said": said(old, new),
        "lines": changes.lines(changes.written(old), changes.written(new)),
        "pictures": [(before.number, _drawn(agent, before, after)), (after.number, _drawn(agent, after, before))],
    }


def _drawn(agent: Agent, own: Published, other: Published) -> Picture:
    """The way alone, with a sign at each step that is not the same in the other version."""
    mine, theirs = own.document["steps"], other.document["steps"]
    only = t(*SIGNS["added" if own.number > other.number else "removed"])
    signs = {name: t(*SIGNS["changed"]) if name in theirs else only for name in mine if mine[name] != theirs.get(name)}
    plan = store.parsed(own.id, own.document)
    return picture(plan, titles(agent, plan), None, Links(signs=signs))
