"""What the story stands on: a clock that it moves, and eyes that watch the loop until something has happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from einklang.core import clock
from einklang.core.clock import ZONE
from einklang.core.connection import cursor
from einklang.core.errors import EinklangError
from einklang.facts.people import read as people
from einklang.facts.people.models import Person, User
from einklang.loop.gate import judge, verdicts
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.loop.interactions import consumers, log
from einklang.loop.interactions.types import Entry
from einklang.project.demo import cast
from einklang.project.demo.steps import Outcome, Step

PATIENCE = 30.0
PAUSE = 0.05

Seen = TypeVar("Seen")


class StoryBroke(EinklangError):
    """The loop did not do what the story waits for."""


@dataclass
class Stage:
    url: str
    doctor: Person = field(init=False)
    rep: User = field(init=False)

    def __post_init__(self) -> None:
        self.doctor = Person.objects.get(email=cast.STORY_DOCTOR.email)
        self.rep = User.objects.get(email=cast.STORY_REP.email)

    @property
    def now(self) -> datetime:
        return clock.now(cursor())

    def until(self, *when: int) -> None:
        """Moves the clock to a moment in Berlin: year, month, day, hour, minute. Never backwards."""
        moment = datetime(*when, tzinfo=ZONE)  # type: ignore[misc, arg-type]
        with transaction.atomic():
            if clock.now(cur := cursor()) < moment:
                clock.set_to(cur, moment)

    def wait(self, what: str, look: Callable[[], Seen | None]) -> Seen:
        """Looks until there is something. Raises `StoryBroke` with `what` was waited for."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if (seen := look()) is not None:
                return seen
            time.sleep(PAUSE)
        raise StoryBroke(f"Nothing came of it within {PATIENCE:.0f} s: {what}.")

    def settled(self) -> None:
        """Profiles and journeys have read everything that stands in the log."""

        def look() -> bool | None:
            cur = cursor()
            return True if all(each.behind == 0 for each in consumers.lag(cur, clock.now(cur))) else None

        self.wait("profiles and journeys catch up", look)

    def logged(self, kind: str) -> Entry | None:
        """The doctor's newest interaction of a kind since the story began."""
        found = log.person_history(cursor(), [self.doctor.id], kinds=[kind], limit=1)
        return found[0] if found and found[0].source != "demo" else None

    def verdict(self, act: str) -> verdicts.Stored | None:
        """The newest stored verdict about the doctor for an act."""
        found = verdicts.listing(cursor(), person=self.doctor.id, limit=50)
        return next((each for each in found if each.question.act == act), None)

    def may_record(self, permission: str, channel: str) -> Verdict:
        question = Question(
            act="record",
            recipient=Recipient("person", self.doctor.id),
            channel=channel,
            purpose="promotional",
            permission=permission,
            at=self.now,
        )
        return judge.ask_only(cursor(), [question])[0]

    @property
    def name(self) -> str:
        return people.cards(cursor(), [self.doctor.id])[self.doctor.id].short("de")

    def step(
        self,
        step: str,
        channel: str,
        outcome: Outcome,
        *,
        reasons: list[str] | None = None,
        interaction: UUID | None = None,
        verdict: UUID | None = None,
        account: list[str] | None = None,
    ) -> Step:
        return Step(
            step=step,
            at=self.now.astimezone(ZONE).isoformat(timespec="seconds"),
            person=str(self.doctor.id),
            channel=channel,
            outcome=outcome,
            reasons=reasons or [],
            interaction_id=str(interaction) if interaction else None,
            verdict_id=str(verdict) if verdict else None,
            account=account or [],
        )


def told(verdict: Verdict) -> list[str]:
    """The reasons that decided, rule first: a no outweighs a not-before."""
    outcome = "fail" if verdict.answer == "no" else "not_before"
    return [f"{reason.rule} {reason.text('de')}" for reason in verdict.reasons if reason.outcome == outcome]
