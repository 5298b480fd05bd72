"""What is due is judged once more; what may go is rendered and committed as `sending` before a byte leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from einklang.core import clock
from einklang.core.pg import Cursor
from einklang.facts.people import read as people
from einklang.facts.people.errors import LockError
from einklang.loop.channels.contract import Outgoing
from einklang.loop.channels.email.letter import LetterError
from einklang.loop.gate import door, facts, judge, letters, notes, outbox, pace, packs, stays, suppression, verdicts
from einklang.loop.gate.letters import Suppressed
from einklang.loop.gate.outbox import Change, Message, Start
from einklang.loop.gate.question import Question, Recipient, Verdict
from einklang.watch import trace

Judged = tuple[Message, Verdict, UUID]


def clear(
    cur: Cursor, *, now: datetime, channels: Collection[str], limit: int, worker: str, tried: Collection[str] = ()
) -> tuple[int, dict[str, list[Outgoing]]]:
    """How many messages were settled one way or another, and by channel those to send now: of `tried` one."""
    due = outbox.claim(cur, now=now, channels=channels, limit=limit) if channels else []
    due += [one for channel in tried for one in outbox.claim(cur, now=now, channels=[channel], limit=1)]
    claimed = list(_one_each(due))
    if not claimed:
        return 0, {}
    stay = outbox.move(cur, stays.changes(cur, claimed), after=["planned"], now=now)
    free = [message for message in claimed if message.id not in stay]
    waiting = outbox.move(cur, pace.admit(cur, free, now), after=["planned"], now=now)
    ready = [message for message in free if message.id not in waiting]
    try:
        judged = _judge(cur, ready, now)
    except LockError:
        return _fail_unknown(cur, ready, now), {}
    for message, answer, verdict in judged:
        said = ", ".join(answer.rules)
        trace.done("dispatch", message.id, under=message.enrolment, answer=answer.answer, rules=said, verdict=verdict)
    outgoing, refused = _compose(cur, [each for each in judged if each[1].yes], now)
    changes = [*_not_now(judged), *refused]
    outbox.move(cur, changes, after=["planned"], now=now)
    leaving = [_start(outgoing[message.id], verdict) for message, _, verdict in judged if message.id in outgoing]
    claimed_at = clock.real_now()
    outbox.start(cur, leaving, worker=worker, claimed_at=claimed_at, now=now)
    claim = outbox.claim_name(worker, claimed_at)
    by_channel: dict[str, list[Outgoing]] = {}
    for message in claimed:
        if message.id in outgoing:
            by_channel.setdefault(message.channel, []).append(replace(outgoing[message.id], claim=claim))
    return len(claimed), by_channel


def question(message: Message, now: datetime) -> Question:
    recipient = Recipient(message.recipient_kind, message.recipient, message.address, message.about)
    return Question(
        "send",
        recipient,
        message.channel,
        message.purpose,
        message.sender,
        message.unit,
        message.content,
        permission=message.permission,
        at=now,
        given=message.given,
        message=message.id,
    )


def _one_each(messages: Sequence[Message]) -> Iterator[Message]:
    """A person's second message waits for the next batch, where the contact limit sees the first one."""
    seen: set[UUID] = set()
    for message in messages:
        person = message.about or message.person
        if person is None or person not in seen:
            yield message
        if person is not None:
            seen.add(person)


def _judge(cur: Cursor, messages: Sequence[Message], now: datetime) -> list[Judged]:
    questions = [question(message, now) for message in messages]
    door.hold_persons(cur, questions)
    loaded = facts.load(cur, questions)
    answers = judge.judge(questions, loaded, packs.current())
    stored = verdicts.store(cur, questions, answers, loaded, stage="dispatch", now=now)
    return list(zip(messages, answers, stored, strict=True))


def _fail_unknown(cur: Cursor, messages: Sequence[Message], now: datetime) -> int:
    """Whoever was erased or merged while her message waited must not hold up the others."""
    persons = {message.id: message.about or message.person for message in messages}
    known = people.cards(cur, {person for person in persons.values() if person})
    gone = [
        Change(id_, "failed", notes.UNKNOWN_PERSON) for id_, person in persons.items() if person and person not in known
    ]
    return len(outbox.move(cur, gone, after=["planned"], now=now))


def _not_now(judged: Sequence[Judged]) -> Iterator[Change]:
    for message, answer, verdict in judged:
        if answer.answer == "no":
            yield Change(message.id, "withheld", ", ".join(answer.rules), verdict=verdict)
        elif not answer.yes:
            yield Change(message.id, "planned", ", ".join(answer.rules), due_at=answer.not_before, verdict=verdict)


def _start(mail: Outgoing, verdict: UUID) -> Start:
    return Start(mail.id, verdict, mail.subject, suppression.digest(mail.recipient))


def _compose(cur: Cursor, judged: Sequence[Judged], now: datetime) -> tuple[Mapping[UUID, Outgoing], list[Change]]:
    material = letters.load(cur, [message for message, _, _ in judged])
    outgoing: dict[UUID, Outgoing] = {}
    refused: list[Change] = []
    for message, answer, verdict in judged:
        try:
            outgoing[message.id] = letters.compose(message, answer, material, now)
        except Suppressed as reason:
            refused.append(Change(message.id, "withheld", str(reason), verdict=verdict))
        except LetterError as reason:
            refused.append(Change(message.id, "failed", str(reason), verdict=verdict))
    return outgoing, refused
