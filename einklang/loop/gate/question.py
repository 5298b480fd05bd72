"""What is asked of the gate and what it answers. Django-free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.loop.gate import words

PERMISSIONS = ("tracking", "mail_tracking", "rep_visibility", "email", "rx_audience", "visit", "sample_request")

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person (`id` None: an anonymous visitor), a user or a mailbox of the company, then perhaps about a person."""

    kind: str
    id: UUID | None = None
    address: str | None = None
    about: UUID | None = None

    @property
    def person(self) -> UUID | None:
        """Whose consent, verification and contacts count."""
        return self.id if self.kind == "person" else self.about


@dataclass(frozen=True, slots=True)
class Question:
    """May `sender` do `act` towards `recipient` at `at`? `message` is set where a planned message is judged again.

    `given` holds what only packages above the gate know; the keys are in docs/gate-cases.md.
    """

    act: str
    recipient: Recipient
    channel: str
    purpose: str
    sender: UUID | None = None
    unit: str = "system"
    content: UUID | None = None
    pack: UUID | None = None
    quantity: int = 0
    permission: str | None = None
    at: datetime = field(kw_only=True)
    given: Mapping[str, Any] = field(default_factory=dict)
    anonymous: str | None = None
    message: UUID | None = None


def disclosure(rep: UUID, person: UUID, at: datetime) -> Question:
    """May this rep know what this person did?"""
    about = Recipient("user", rep, about=person)
    return Question("disclose", about, "visit", "promotional", rep, "sales", permission="rep_visibility", at=at)


@dataclass(frozen=True, slots=True)
class Wording:
    """Where a rule comes from, and its sentences by locale, with places such as {person} and {channel}."""

    source: str
    text: Mapping[str, str]
    passed: Mapping[str, str]
    not_asked: Mapping[str, str]
    way_out: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Reason:
    rule: str
    outcome: str
    wording: Wording
    fill: Mapping[str, str | int]
    not_before: datetime | None = None
    person: Mapping[str, str] = field(default_factory=dict)  # her short name by locale

    def text(self, locale: str) -> str:
        return self._say(self._sentences(), locale)

    def way_out(self, locale: str) -> str:
        return self._say(self.wording.way_out, locale) if self.outcome in ("fail", "not_before") else ""

    @property
    def source(self) -> str:
        return self.wording.source

    def _sentences(self) -> Mapping[str, str]:
        match self.outcome:
            case "pass":
                return self.wording.passed
            case "not_asked":
                return self.wording.not_asked
            case _:
                return self.wording.text

    def _say(self, sentences: Mapping[str, str], locale: str) -> str:
        return words.say(sentences, locale, self.fill, person=self.person, moment=self.not_before)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Reasons stand most final first: fails, then not-befores, then what passed, then what was not asked.

    Flags tell the executing side how: mail_tracking, unsubscribe, objection_notice, double_opt_in, grade, smpc …
    """

    answer: str
    reasons: Sequence[Reason]
    not_before: datetime | None
    packs: tuple[str, ...]
    flags: Mapping[str, Any]

    @property
    def yes(self) -> bool:
        return self.answer == "yes"

    @property
    def decisive(self) -> list[Reason]:
        """The reasons that made it a no or a not-before; none for a yes."""
        return [reason for reason in self.reasons if reason.outcome in ("fail", "not_before")]

    @property
    def rules(self) -> list[str]:
        return [reason.rule for reason in self.decisive]
