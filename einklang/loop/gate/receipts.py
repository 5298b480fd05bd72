"""What the channels answer becomes the state of the message and, for persons, an interaction: in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import lock, origin
from einklang.loop.channels.contract import Outcome, Receipt
from einklang.loop.gate import letters, notes, outbox, rests, suppression, verdicts
from einklang.loop.gate.letters import Material
from einklang.loop.gate.outbox import Change, Message, State
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction
from einklang.watch import trace

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
REPEAT_AFTER = timedelta(minutes=1)
RECORDED = ("promotional", "medical", "service")
SENT, BOUNCED = "sent", "bounced"
FINAL: tuple[Outcome, ...] = ("sent", "delivered", "failed", "bounced")

NOT_YET_SENT: tuple[State, ...] = ("sending", "uncertain")
AFTER: Mapping[Outcome, tuple[State, ...]] = {
    "sent": NOT_YET_SENT,
    "delivered": (*NOT_YET_SENT, "sent"),
    "bounced": (*NOT_YET_SENT, "sent", "delivered"),
    "failed": NOT_YET_SENT,
    "deferred": ("sending",),
    "uncertain": ("sending",),
}


def apply(cur: Cursor, receipts: Sequence[Receipt], now: datetime) -> set[UUID]:
    """Ids of the messages whose state changed. A receipt that comes twice or too late changes nothing."""
    messages = outbox.get(cur, [receipt.id for receipt in receipts])
    known = [receipt for receipt in receipts if receipt.id in messages]
    material = letters.load(cur, list(messages.values()))
    lock.hold(cur, material.persons)  # who was erased meanwhile cannot be held and is not logged
    changed: set[UUID] = set()
    for outcome, after in AFTER.items():
        changes = [_change(messages[each.id], each, now) for each in known if each.outcome == outcome]
        changed |= outbox.move(cur, changes, after=after, now=now)
    fresh = [receipt for receipt in known if receipt.id in changed]
    for receipt in fresh:
        trace.done("receipt", receipt.id, under=messages[receipt.id].enrolment, outcome=receipt.outcome)
    suppression.add(cur, list(_refused(fresh, messages, material)), now)
    _let_go_of_links(cur, fresh, messages)
    _told_where_from(cur, fresh, messages, material, now)
    log.record(cur, [act for receipt in fresh for act in _interactions(messages[receipt.id], receipt, material, now)])
    return changed


def _change(message: Message, receipt: Receipt, now: datetime) -> Change:
    if rests.untouched(receipt):
        return Change(message.id, "planned", receipt.detail)
    if message.purpose == "safety" and receipt.outcome in SAFETY:
        return SAFETY[receipt.outcome](message, receipt, now)
    match receipt.outcome:
        case "sent" | "delivered":
            told = notes.note(notes.REPEAT, receipt.detail) if message.repeats else receipt.detail
            return Change(message.id, receipt.outcome, told, sent_at=message.sent_at or receipt.at)
        case "deferred":
            return _later(message, receipt, now)
        case "uncertain":
            return Change(message.id, "uncertain", receipt.detail)
        case _:
            return Change(message.id, "failed", receipt.detail, attempts=1)


def _later(message: Message, receipt: Receipt, now: datetime) -> Change:
    if message.attempts >= len(BACK_OFF):
        told = notes.note(notes.GAVE_UP, message.attempts + 1, receipt.detail)
        return Change(message.id, "failed", told, attempts=1)
    return Change(message.id, "planned", receipt.detail, due_at=now + BACK_OFF[message.attempts], attempts=1)


def _until_it_arrives(message: Message, receipt: Receipt, now: datetime) -> Change:
    wait = BACK_OFF[min(message.attempts, len(BACK_OFF) - 1)]
    return Change(message.id, "planned", receipt.detail, due_at=now + wait, attempts=1)


def _repeat(message: Message, receipt: Receipt, now: datetime) -> Change:
    return Change(message.id, "planned", notes.note(notes.REPEAT, receipt.detail), due_at=now + REPEAT_AFTER, repeats=1)


# A safety report is never given up, and losing it is worse than sending it twice.
SAFETY: Mapping[Outcome, Callable[[Message, Receipt, datetime], Change]] = {
    "deferred": _until_it_arrives,
    "failed": _until_it_arrives,
    "bounced": _until_it_arrives,
    "uncertain": _repeat,
}


def _let_go_of_links(cur: Cursor, receipts: Sequence[Receipt], messages: Mapping[UUID, Message]) -> None:
    """A safety report may have to be sent again."""
    gone = [messages[receipt.id] for receipt in receipts if receipt.outcome in FINAL]
    holding = [each.id for each in gone if each.purpose != "safety" and any(map(_is_link, each.variables))]
    if holding:
        outbox.let_go_of_links(cur, holding)


def _is_link(name: str) -> bool:
    return name.endswith("_url")


def _refused(
    receipts: Sequence[Receipt], messages: Mapping[UUID, Message], material: Material
) -> Iterator[suppression.Refused]:
    """The address that it went to, whatever the person's is now."""
    for receipt in receipts:
        message = messages[receipt.id]
        card = material.persons.get(message.person) if message.person else None
        if receipt.permanent and message.address_hash and card:
            yield suppression.Refused(message.address_hash, card.id, receipt.detail, message.id)


def _told_where_from(
    cur: Cursor, receipts: Sequence[Receipt], messages: Mapping[UUID, Message], material: Material, now: datetime
) -> None:
    """Whose data came from others learned it from a mail that carried the notice."""
    arrived = [messages[receipt.id] for receipt in receipts if receipt.outcome in ("sent", "delivered")]
    theirs = {each.dispatch_verdict: each.person for each in arrived if each.person in material.origins}
    judged = verdicts.some(cur, [verdict for verdict in theirs if verdict]) if theirs else {}
    told = {theirs[verdict] for verdict, stored in judged.items() if stored.verdict.flags.get("origin_notice")}
    if told:
        origin.given(cur, [person for person in told if person], now)


def _interactions(message: Message, receipt: Receipt, material: Material, now: datetime) -> list[Interaction]:
    if message.person not in material.persons or message.purpose not in RECORDED:
        return []
    happened = {"sent": [SENT], "delivered": [SENT], "bounced": [SENT, BOUNCED]}.get(receipt.outcome, [])
    return [_interaction(message, receipt, what, material, now) for what in happened]


def _interaction(message: Message, receipt: Receipt, what: str, material: Material, now: datetime) -> Interaction:
    version = material.versions[message.content]
    return make.interaction(
        f"{message.channel}.{what}",
        now=now,
        occurred_at=receipt.at,
        source="gate",
        source_id=f"{message.id}:{what}",
        purpose=message.purpose,
        person=message.person,
        unit=message.unit,
        content=message.content,
        journey=message.journey,
        message=message.id,
        properties={
            "subject": message.subject or version.slug,
            "content_slug": version.slug,
            "topics": list(version.topics),
        },
    )
