"""What a rep may see of a person: asked of the gate at each opening, stored once a day with the fields shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from einklang.core.connection import cursor
from einklang.faces.desk import disclosure
from einklang.faces.desk.access import Rep
from einklang.loop.gate import door, judge
from einklang.loop.gate.door import Asked
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import kinds, log
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
    verdict_id: UUID
    profile: Profile
    topics: Sequence[Topic]
    history: Sequence[Entry]

    @property
    def grade(self) -> str | None:
        return grade(self.verdict)


def grade(verdict: Verdict) -> str | None:
    return str(verdict.flags["grade"]) if verdict.yes else None


def disclose(rep: Rep, person: UUID) -> Asked:
    with transaction.atomic():
        return door.disclose(cursor(), rep=rep.user.id, person=person, now=rep.now, fields=FIELDS)


def disclosed(rep: Rep, person: UUID) -> Insight:
    asked = disclose(rep, person)
    allowed = grade(asked.verdict)
    known = profiles.profiles(rep.cur, [person])[person] if allowed else Profile()
    topics = [each for each in profiles.topics(known, rep.now)[:SHOWN_TOPICS] if each.weight > 0]
    history = log.person_history(rep.cur, [person], limit=HISTORY * 4)
    return Insight(asked.verdict, asked.verdict_id, known, topics, visible(history, allowed)[:HISTORY])


def visible(history: Sequence[Entry], allowed: str | None) -> list[Entry]:
    """At grade `topic` a single reading is told by its topic and month; see `timeline`. Medical and safety never."""
    return [
        each
        for each in history
        if not disclosure.confidential(each.purpose, each.unit)
        and each.kind != kinds.IDENTIFIED
        and (allowed or not disclosure.traces(each.kind))
    ]


def grades(rep: Rep, persons: Sequence[UUID]) -> dict[UUID, str | None]:
    """For lists, which show nothing of a person but a next step: judged, not stored."""
    verdicts = judge.ask_only(rep.cur, [_question(rep, person) for person in persons])
    return {person: grade(verdict) for person, verdict in zip(persons, verdicts, strict=True)}


def _question(rep: Rep, person: UUID) -> Question:
    recipient = Recipient("user", rep.user.id, about=person)
    return Question(
        "disclose", recipient, "visit", "promotional", rep.user.id, "sales", permission="rep_visibility", at=rep.now
    )  # fmt: skip
