"""The door out: who wants to send, show to a rep, visit or hand over asks here, and the answer is stored.

Nothing commits. The persons' locks are held until the caller's transaction ends.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import ids, settings
from einklang.core.clock import ZONE
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import checks, lock
from einklang.loop.channels.contract import Receipt
from einklang.loop.gate import facts, judge, notes, outbox, packs, receipts, verdicts
from einklang.loop.gate.outbox import Change, Message, State
from einklang.loop.gate.question import Question, Verdict, disclosure
from einklang.watch import trace

STATE_AFTER: dict[str, State] = {"yes": "planned", "not_before": "planned", "no": "withheld"}
NO_MESSAGE = Words("Zu einer Sendung gehört, was gesendet werden soll.", "A sending needs something to send.")

TODAYS_DISCLOSURE = """
    SELECT verdict FROM gate_disclosure
    WHERE rep = %(rep)s AND person = %(person)s AND day = %(day)s AND answer = %(answer)s AND grade = %(grade)s
"""
DISCLOSE = """
    INSERT INTO gate_disclosure (rep, person, day, answer, grade, verdict, fields)
    VALUES (%(rep)s, %(person)s, %(day)s, %(answer)s, %(grade)s, %(verdict)s, %(fields)s)
"""


@dataclass(frozen=True, slots=True)
class MessageSpec:
    """What to send. Without `due_at` it is due as soon as the gate allows it."""

    content: UUID
    journey: UUID | None = None
    enrolment: UUID | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    verdict_id: UUID
    verdict: Verdict
    message: UUID | None = None


def ask(
    cur: Cursor,
    questions: Sequence[Question],
    *,
    now: datetime,
    messages: Sequence[MessageSpec | None] | None = None,
) -> list[Asked]:
    """One answer per question, in order. A question to send needs its message, which is planned or withheld at once."""
    specs = list(messages) if messages is not None else [None] * len(questions)
    if any((question.act == "send") != (spec is not None) for question, spec in zip(questions, specs, strict=True)):
        raise InputError("messages", NO_MESSAGE)
    hold_persons(cur, questions)
    loaded = facts.load(cur, questions)
    answers = judge.judge(questions, loaded, packs.current())
    stored = verdicts.store(cur, questions, answers, loaded, stage="ask", now=now)
    rows = [
        _message(question, spec, answer, verdict_id, now) if spec else None
        for question, spec, answer, verdict_id in zip(questions, specs, answers, stored, strict=True)
    ]
    planned = [row for row in rows if row]
    outbox.plan(cur, planned)
    for row in planned:
        trace.made("message", row.id, under=row.enrolment, verdict=row.verdict, state=row.state, rules=row.detail)
    return [
        Asked(verdict_id, answer, row.id if row else None)
        for verdict_id, answer, row in zip(stored, answers, rows, strict=True)
    ]


def disclose(cur: Cursor, *, rep: UUID, person: UUID, now: datetime, fields: Collection[str]) -> Asked:
    """What a rep is shown of a person: judged each time, stored once a day, and again when the answer changes."""
    question = disclosure(rep, person, now)
    lock.hold(cur, [person])
    loaded = facts.load(cur, [question])
    (answer,) = judge.judge([question], loaded, packs.current())
    row = {"rep": rep, "person": person, "day": now.astimezone(ZONE).date(), "fields": sorted(fields)}
    row |= {"answer": answer.answer, "grade": answer.flags.get("grade") or ""}
    if today := cur.execute(TODAYS_DISCLOSURE, row).fetchone():
        return Asked(today[0], answer)
    (verdict_id,) = verdicts.store(cur, [question], [answer], loaded, stage="ask", now=now)
    cur.execute(DISCLOSE, {**row, "verdict": verdict_id})
    return Asked(verdict_id, answer)


def hold(cur: Cursor, messages: Collection[UUID], reason: str, now: datetime | None = None) -> set[UUID]:
    """Planned messages stay until somebody releases them. Returns those held."""
    return outbox.move(cur, [Change(id_, "held", reason) for id_ in messages], after=["planned"], now=now)


def release(cur: Cursor, messages: Collection[UUID], now: datetime) -> set[UUID]:
    """Held messages go on; an uncertain one is sent again, which only people may decide."""
    return outbox.move(cur, [Change(id_, "planned") for id_ in messages], after=["held", "uncertain"], now=now)


def arrived(cur: Cursor, messages: Collection[UUID], now: datetime) -> set[UUID]:
    """People looked and found that these uncertain ones went out, when they began to be uncertain."""
    uncertain = [each for each in outbox.get(cur, messages).values() if each.state == "uncertain"]
    return receipts.apply(cur, [Receipt(each.id, "sent", each.updated_at, notes.BY_HAND) for each in uncertain], now)


def withhold(cur: Cursor, messages: Collection[UUID], reason: str, now: datetime | None = None) -> set[UUID]:
    """What waits will never be sent. What is being dispatched at this moment is judged again there."""
    changes = [Change(id_, "withheld", reason) for id_ in messages]
    return outbox.move(cur, changes, after=[*outbox.WAITING, "uncertain"], now=now, skip_locked=True)


def hold_persons(cur: Cursor, questions: Sequence[Question]) -> None:
    lock.hold(cur, {person for question in questions if (person := question.recipient.person)})


def _message(question: Question, spec: MessageSpec, answer: Verdict, verdict_id: UUID, now: datetime) -> Message:
    id_ = ids.new()
    recipient = question.recipient
    return Message(
        id=id_,
        state=STATE_AFTER[answer.answer],
        due_at=max(spec.due_at or now, answer.not_before or now),
        verdict=verdict_id,
        recipient_kind=recipient.kind,
        recipient=recipient.id,
        address=checks.line("address", recipient.address) if recipient.address else None,
        about=recipient.about,
        channel=question.channel,
        purpose=question.purpose,
        sender=question.sender,
        unit=question.unit,
        content=spec.content,
        permission=question.permission,
        journey=spec.journey,
        enrolment=spec.enrolment,
        variables=spec.variables,
        given=dict(question.given),
        message_id=f"<{id_}@{settings.get().mail_domain}>",
        detail=", ".join(answer.rules),
        created_at=now,
        updated_at=now,
    )
