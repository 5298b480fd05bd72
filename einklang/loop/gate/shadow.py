"""The outbox of a session's own: messages are planned, judged and composed as always, and reach nobody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.shadow import cover
from einklang.loop.channels.contract import Receipt
from einklang.loop.gate import dispatch, receipts

WORKER = "rehearsal"
WAITING = "recipient_kind = 'person' AND recipient = ANY(%s) AND state IN ('planned', 'held', 'sending')"
NEXT = "SELECT min(due_at) FROM gate_message WHERE state = 'planned' AND channel = ANY(%s)"
MESSAGES = """
SELECT id, recipient, journey, enrolment, content, channel, state, due_at, sent_at, detail FROM gate_message
WHERE recipient_kind = 'person' AND recipient = ANY(%s) ORDER BY due_at, id
"""


class Told(NamedTuple):
    """`journey` is its version; `detail` names the rules that withheld the message."""

    id: UUID
    person: UUID
    journey: UUID | None
    enrolment: UUID | None
    content: UUID
    channel: str
    state: str
    due_at: datetime
    sent_at: datetime | None
    detail: str


def cover_gate(cur: Cursor, persons: Collection[UUID]) -> None:
    cover(cur, "gate_message", WAITING, [list(persons)])
    for table in ("gate_verdict", "gate_facts"):
        cover(cur, table)
    for table in ("gate_pack", "gate_mail_pace", "gate_stay"):
        cover(cur, table, "true")


def next_due(cur: Cursor, channels: Collection[str]) -> datetime | None:
    row = cur.execute(NEXT, (list(channels),)).fetchone()
    return row[0] if row else None


def dispatch_due(cur: Cursor, now: datetime, channels: Collection[str], limit: int = 500) -> int:
    """As the worker does it; what it would hand over counts as sent."""
    settled, outgoing = dispatch.clear(cur, now=now, channels=channels, limit=limit, worker=WORKER)
    sent = [Receipt(each.id, "sent", now) for messages in outgoing.values() for each in messages]
    receipts.apply(cur, sent, now)
    return settled


def messages(cur: Cursor, persons: Collection[UUID]) -> list[Told]:
    return [Told(*row) for row in cur.execute(MESSAGES, (list(persons),))]
