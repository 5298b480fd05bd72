"""What a rep may see of a person: asked of the gate at each opening, stored once a day with the fields shown.

The desk shows it to the rep and "Meine Daten" shows the same to the person; `told` puts both into words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import topics
from einklang.facts.content.topics import Topics
from einklang.loop.decide import disclosure
from einklang.loop.gate import door, judge, question
from einklang.loop.gate.door import Asked
from einklang.loop.gate.question import Verdict
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry
from einklang.loop.profiles import read as profiles
from einklang.loop.profiles.read import Profile, Topic

FIELDS = ("interests", "portal_views", "mail_engagement")
SHOWN_TOPICS = 4
HISTORY = 12


@dataclass(frozen=True)
class Insight:
    """`grade` is topic, title or None; then there are neither interests nor reading nor mail engagement."""

    verdict: Verdict
    verdict_id: UUID | None  # None: only previewed
    topics: Sequence[Topic]
    history: Sequence[Entry]
    about: Topics

    @property
    def grade(self) -> str | None:
        return grade(self.verdict)


def grade(verdict: Verdict) -> str | None:
    return str(verdict.flags["grade"]) if verdict.yes else None


def disclose(cur: Cursor, rep: UUID, person: UUID, now: datetime) -> Asked:
    return door.disclose(cur, rep=rep, person=person, now=now, fields=FIELDS)


def disclosed(cur: Cursor, rep: UUID, person: UUID, now: datetime, limit: int = HISTORY) -> Insight:
    asked = disclose(cur, rep, person, now)
    return _insight(cur, person, asked.verdict, asked.verdict_id, now=now, limit=limit)


def preview(cur: Cursor, rep: UUID, person: UUID, now: datetime, limit: int = HISTORY) -> Insight:
    """What the rep would see if she opened the page now. Nobody looks, so nothing is stored."""
    (verdict,) = judge.ask_only(cur, [question.disclosure(rep, person, now)])
    return _insight(cur, person, verdict, None, now=now, limit=limit)


def grades(cur: Cursor, rep: UUID, persons: Sequence[UUID], now: datetime) -> dict[UUID, str | None]:
    """For lists, which show nothing of a person but a next step: judged, not stored."""
    verdicts = judge.ask_only(cur, [question.disclosure(rep, person, now) for person in persons])
    return {person: grade(verdict) for person, verdict in zip(persons, verdicts, strict=True)}


def visible(history: Sequence[Entry], allowed: str | None) -> list[Entry]:
    """At grade `topic` a single reading is told by its topic and month; see `told`. Medical and safety never."""
    return [
        each
        for each in history
        if not each.is_machine
        and not disclosure.confidential(each.purpose, each.unit)
        and not disclosure.private(each.kind, each.purpose)
        and (allowed or not disclosure.traces(each.kind))
    ]


def _insight(cur: Cursor, person: UUID, verdict: Verdict, id_: UUID | None, *, now: datetime, limit: int) -> Insight:
    allowed = grade(verdict)
    known = profiles.profiles(cur, [person])[person] if allowed else Profile()
    interests = [each for each in profiles.topics(known, now)[:SHOWN_TOPICS] if each.weight > 0]
    history, about = log.person_history(cur, [person], limit=limit * 4), topics.load(cur)
    return Insight(verdict, id_, interests, visible(history, allowed)[:limit], about)
