"""Whom a mailing reached, and who got nothing and why: numbers for all, people for those who see names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from einklang.faces.studio import export, groups, words
from einklang.faces.studio.access import Agent, page, studio_view
from einklang.faces.studio.journeys.words import rule as rule_said
from einklang.faces.studio.lists import Filter, Listing
from einklang.faces.studio.record.messages import MARKS
from einklang.facts.people import read as people
from einklang.loop.decide.mailings import store
from einklang.loop.decide.mailings.store import Mailing
from einklang.loop.gate import browse, notes, tally
from einklang.loop.gate.tally import Withheld
from einklang.loop.interactions import log
from einklang.ui import locale
from einklang.ui.components import Bar
from einklang.ui.text import t

ACT = "studio.mailings"
LISTED, FILE_PAGE, MOST_ANSWERS = 20, 500, 5_000
ANSWERS = {
    "email.opened": ("Geöffnet", "Opened"),
    "email.clicked": ("Geklickt", "Clicked"),
    "email.unsubscribed": ("Abgemeldet", "Unsubscribed"),
    "consent.changed": ("Abgemeldet", "Unsubscribed"),
}


@dataclass(frozen=True)
class Sum:
    """One reason or state with its people; `rule` is empty where no rule of the gate decided."""

    note: str
    text: str
    rule: str
    people: str
    shown: int
    bar: Bar
    mark: Sequence[str] = ()


@dataclass(frozen=True)
class Reader:
    person: UUID
    name: str
    state: str
    mark: str
    icon: str
    answers: Sequence[str]


@dataclass(frozen=True)
class Kept:
    """Somebody who got nothing."""

    person: UUID
    name: str
    text: str
    rule: str
    verdict: UUID


@require_safe
@studio_view(ACT)
def withheld(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponseBase:
    found, sums = store.get(agent.cur, mailing), reasons(agent, mailing)
    options = [(each.note, each.text) for each in sums]
    chosen = Filter(name="regel", label=t("Grund", "Reason"), options=options)
    asked = Listing(request, agent, [chosen] if _named(agent) else [])
    if asked.wants_csv:
        return export.answer(asked, "withheld", *_reasons_file(agent, asked, mailing, sums))
    if _named(agent):
        page_of = tally.persons(agent.cur, mailing, note=asked.get("regel"), after=_id(asked.after), limit=LISTED)
        asked.showing(_kept(agent, page_of), page_of[-1].message if len(page_of) == LISTED else None)
    return _page(request, agent, "mailing_withheld", mailing=found, list=asked, sums=sums)


@require_safe
@studio_view(ACT)
def readers(request: HttpRequest, agent: Agent, mailing: UUID) -> HttpResponseBase:
    found, sums = store.get(agent.cur, mailing), _states(agent, mailing)
    asked = Listing(request, agent, [])
    if asked.wants_csv:
        return export.answer(asked, "readers", *_readers_file(agent, found, sums))
    if _named(agent):
        page_of = store.readers(agent.cur, mailing, after=_id(asked.after), limit=LISTED)
        asked.showing(_readers(agent, found, page_of), page_of[-1][0] if len(page_of) == LISTED else None)
    return _page(request, agent, "mailing_readers", mailing=found, list=asked, sums=sums)


def reasons(agent: Agent, mailing: UUID) -> list[Sum]:
    """Rules of the gate, at planning or at dispatch, and what people stopped."""
    counts = tally.withheld(agent.cur, mailing)
    return [_sum(agent, note, _said(note), number, max(counts.values())) for note, number in counts.items()]


def _states(agent: Agent, mailing: UUID) -> list[Sum]:
    counts = tally.states(agent.cur, mailing)
    most = max(counts.values(), default=1)
    return [
        _sum(agent, name, words.state(name), counts[name], most, mark=MARKS[name])
        for name in words.STATES
        if name in counts and name != "withheld"
    ]


def _sum(agent: Agent, note: str, text: str, number: int, most: int, *, mark: Sequence[str] = ()) -> Sum:
    """A state has a mark, a reason has none."""
    named = _named(agent)
    shown = groups.shown(number, named=named)
    rule = "" if mark else _rule(note)
    return Sum(
        note, text, rule, groups.told(number, named=named), shown, Bar(value=shown, total=most, tone="hold"), mark
    )


def _kept(agent: Agent, found: Sequence[Withheld]) -> list[Kept]:
    names = _names(agent, (each.person for each in found))
    return [Kept(each.person, names[each.person], _said(each.note), _rule(each.note), each.verdict) for each in found]


def _readers(agent: Agent, mailing: Mailing, found: Sequence[tuple[UUID, UUID]]) -> list[Reader]:
    persons, messages = [person for person, _ in found], [message for _, message in found]
    names, answers = _names(agent, persons), _answers(agent, mailing, persons)
    states = browse.states(agent.cur, messages)
    rows = [(person, state) for person, message in found if (state := states.get(message))]
    return [
        Reader(person, names[person], words.state(state), *MARKS[state], answers=list(answers[person]))
        for person, state in rows
    ]


def _answers(agent: Agent, mailing: Mailing, persons: Sequence[UUID]) -> dict[UUID, dict[str, None]]:
    """What people did; what a machine did is none of it."""
    told: dict[UUID, dict[str, None]] = defaultdict(dict)
    found = log.person_history(
        agent.cur, persons, kinds=list(ANSWERS), since=mailing.starts_at, limit=MOST_ANSWERS
    )  # fmt: skip
    for each in reversed(found):
        if each.journey == mailing.id and not each.is_machine and each.person:
            told[each.person][t(*ANSWERS[each.kind])] = None
    return told


def _reasons_file(
    agent: Agent, asked: Listing, mailing: UUID, sums: Sequence[Sum]
) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    if not _named(agent):
        return ("rule", "reason", "people"), [(each.rule, each.text, each.shown) for each in sums]

    def fetch(after: str) -> tuple[list[Withheld], UUID | None]:
        found = tally.persons(agent.cur, mailing, note=asked.get("regel"), after=_id(after), limit=FILE_PAGE)
        return found, found[-1].message if len(found) == FILE_PAGE else None

    lines = ((each.person, _rule(each.note), _said(each.note), each.verdict) for each in export.every(fetch))
    return ("person", "rule", "reason", "verdict"), lines


def _readers_file(agent: Agent, mailing: Mailing, sums: Sequence[Sum]) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
    if not _named(agent):
        return ("state", "people"), [(each.text, each.shown) for each in sums]
    return ("person", "state", "answers"), _reader_lines(agent, mailing)


def _reader_lines(agent: Agent, mailing: Mailing) -> Iterator[Sequence[Any]]:
    def fetch(after: str) -> tuple[list[Reader], UUID | None]:
        found = store.readers(agent.cur, mailing.id, after=_id(after), limit=FILE_PAGE)
        return _readers(agent, mailing, found), found[-1][0] if len(found) == FILE_PAGE else None

    return ((each.person, each.state, ", ".join(each.answers)) for each in export.every(fetch))


def _page(request: HttpRequest, agent: Agent, name: str, **context: Any) -> HttpResponseBase:
    can = {"named": _named(agent), "verdicts": agent.may("studio.verdicts")}
    return page(request, agent, name, **can, **context)


def _names(agent: Agent, persons: Iterable[UUID]) -> dict[UUID, str]:
    cards = people.cards(agent.cur, set(persons))
    gone = t("Nicht mehr bekannt", "Not known any more")
    return defaultdict(lambda: gone, {person: card.display_name for person, card in cards.items()})


def _named(agent: Agent) -> bool:
    return agent.may("studio.people")


def _said(note: str) -> str:
    return rule_said(note) if _rule(note) else notes.say(note, locale.current())


def _rule(note: str) -> str:
    return "" if note.partition(":")[0] in notes.SENTENCES else note


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
