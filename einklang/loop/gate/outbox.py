"""The message table and its states, for this package only.

planned -> sending -> sent -> delivered, with held and withheld before, failed and uncertain after. What is `planned`
is judged again when it is due; what is `sending` was committed as such before the first byte left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Literal
from uuid import UUID

from einklang.core.pg import Cursor, notify

State = Literal["planned", "held", "sending", "sent", "delivered", "failed", "withheld", "uncertain"]
WAITING: tuple[State, ...] = ("planned", "held")
NOTIFICATION = "outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One row. The address of a person or user is read at dispatch; only a mailbox carries its own."""

    id: UUID
    state: State
    due_at: datetime
    verdict: UUID
    dispatch_verdict: UUID | None = None
    recipient_kind: str
    recipient: UUID | None = None
    address: str | None = None
    about: UUID | None = None
    channel: str
    purpose: str
    sender: UUID | None = None
    unit: str
    content: UUID
    permission: str | None = None
    journey: UUID | None = None
    enrolment: UUID | None = None
    variables: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    message_id: str
    attempts: int = 0
    repeats: int = 0
    worker: str | None = None
    claimed_at: datetime | None = None
    detail: str = ""
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    subject: str | None = None
    address_hash: str | None = None

    @property
    def person(self) -> UUID | None:
        return self.recipient if self.recipient_kind == "person" else None

    @property
    def wire_id(self) -> str:
        """Its Message-ID. A repeat has one of its own, or a mailbox would drop it as the mail that it already has."""
        name, domain = self.message_id[1:-1].rsplit("@", 1)
        return f"<{name}.r{self.repeats}@{domain}>" if self.repeats else self.message_id


@dataclass(frozen=True, slots=True)
class Start:
    """A message that leaves now: by which verdict, under which subject, and to whom (see `suppression.digest`)."""

    id: UUID
    verdict: UUID
    subject: str
    address_hash: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one message; None leaves a column as it is."""

    id: UUID
    state: State
    detail: str = ""
    due_at: datetime | None = None
    verdict: UUID | None = None
    attempts: int = 0
    repeats: int = 0
    sent_at: datetime | None = None


COLUMNS = tuple(column.name for column in fields(Message))
row_of = attrgetter(*COLUMNS)
change_of = attrgetter(*(column.name for column in fields(Change)))
SELECT = f"SELECT {', '.join(COLUMNS)} FROM gate_message"
COPY = f"COPY gate_message ({', '.join(COLUMNS)}) FROM STDIN"

CLAIM = f"""
    {SELECT} WHERE state = 'planned' AND due_at <= %(now)s AND channel = ANY(%(channels)s)
    ORDER BY due_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""
START = """
    UPDATE gate_message AS message SET
        state = 'sending', dispatch_verdict = started.verdict, worker = %(worker)s, claimed_at = %(claimed_at)s,
        subject = started.subject, address_hash = started.address_hash, updated_at = %(now)s
    FROM unnest(%(ids)s::uuid[], %(verdicts)s::uuid[], %(subjects)s::text[], %(hashes)s::text[])
        AS started (id, verdict, subject, address_hash)
    WHERE message.id = started.id
"""
MOVE = """
    WITH locked AS (
        SELECT id FROM gate_message WHERE id = ANY(%(ids)s) AND state = ANY(%(after)s) ORDER BY id FOR UPDATE{skip}
    )
    UPDATE gate_message AS message SET
        state = change.state, detail = change.detail, due_at = coalesce(change.due_at, message.due_at),
        dispatch_verdict = coalesce(change.verdict, message.dispatch_verdict),
        attempts = message.attempts + change.attempts, repeats = message.repeats + change.repeats,
        sent_at = coalesce(change.sent_at, message.sent_at),
        updated_at = coalesce(%(now)s::timestamptz, message.updated_at)
    FROM locked JOIN unnest(%(ids)s::uuid[], %(states)s::text[], %(details)s::text[], %(due)s::timestamptz[],
                            %(verdicts)s::uuid[], %(attempts)s::int[], %(repeats)s::int[], %(sent)s::timestamptz[])
        AS change (id, state, detail, due_at, verdict, attempts, repeats, sent_at) USING (id)
    WHERE message.id = locked.id
    RETURNING message.id
"""
LET_GO = """
    UPDATE gate_message SET variables = (
        SELECT jsonb_object_agg(name, CASE WHEN right(name, 4) = '_url' THEN '""'::jsonb ELSE value END)
        FROM jsonb_each(variables) AS held (name, value)
    ) WHERE id = ANY(%s)
"""
ADOPT = """
    UPDATE gate_message SET worker = %(worker)s, claimed_at = %(claimed_at)s WHERE id = ANY(%(ids)s)
"""
DEAD = f"""
    {SELECT} WHERE state = 'sending' AND (worker = ANY(%(dead)s) OR claimed_at < %(before)s)
    ORDER BY claimed_at, id FOR UPDATE SKIP LOCKED
"""
WORKERS = "SELECT DISTINCT worker FROM gate_message WHERE state = 'sending' AND worker IS NOT NULL"
DOUBT = """
    UPDATE gate_message SET state = 'uncertain', detail = %(detail)s, updated_at = %(now)s
    WHERE state = 'planned' AND due_at <= %(now)s AND purpose <> 'safety'
"""
PLANNED_CONTACTS = """
    SELECT recipient, due_at, channel FROM gate_message
    WHERE recipient_kind = 'person' AND recipient = ANY(%(persons)s) AND purpose = 'promotional'
        AND state = ANY(%(states)s) AND due_at >= %(since)s AND id <> ALL(%(own)s)
"""


def plan(cur: Cursor, messages: Sequence[Message]) -> None:
    if not messages:
        return
    with cur.copy(COPY) as copy:
        for message in messages:
            copy.write_row(row_of(message))
    if any(message.state == "planned" for message in messages):
        notify(cur, NOTIFICATION)


def get(cur: Cursor, ids: Collection[UUID]) -> dict[UUID, Message]:
    return {message.id: message for message in _messages(cur.execute(f"{SELECT} WHERE id = ANY(%s)", (list(ids),)))}


def claim(cur: Cursor, *, now: datetime, channels: Collection[str], limit: int) -> list[Message]:
    return _messages(cur.execute(CLAIM, {"now": now, "channels": list(channels), "limit": limit}))


def claim_name(worker: str | None, claimed_at: datetime | None) -> str:
    """By which a channel knows a crashed batch again."""
    return f"{worker}@{claimed_at.astimezone(UTC).isoformat()}" if claimed_at else ""


def start(cur: Cursor, leaving: Sequence[Start], *, worker: str, claimed_at: datetime, now: datetime) -> None:
    """`claimed_at` is real time: it tells after a crash how long ago a process was alive."""
    columns = {
        "ids": [each.id for each in leaving],
        "verdicts": [each.verdict for each in leaving],
        "subjects": [each.subject for each in leaving],
        "hashes": [each.address_hash for each in leaving],
    }
    cur.execute(START, {**columns, "worker": worker, "claimed_at": claimed_at, "now": now})


def move(
    cur: Cursor,
    changes: Sequence[Change],
    *,
    after: Collection[State],
    now: datetime | None,
    skip_locked: bool = False,
) -> set[UUID]:
    """Ids of those that stood in one of the states `after` and were moved; the others stay as they are.

    Who holds persons must skip locked rows: the dispatcher locks messages first, then persons.
    """
    if not changes:
        return set()
    names = ("ids", "states", "details", "due", "verdicts", "attempts", "repeats", "sent")
    columns = dict(zip(names, map(list, zip(*map(change_of, changes), strict=True)), strict=True))
    query = MOVE.format(skip=" SKIP LOCKED" if skip_locked else "")
    moved = {id_ for (id_,) in cur.execute(query, {**columns, "after": list(after), "now": now}).fetchall()}
    if any(change.state == "planned" and change.id in moved for change in changes):
        notify(cur, NOTIFICATION)
    return moved


def let_go_of_links(cur: Cursor, ids: Collection[UUID]) -> None:
    """What a mail opened for its reader (a login, a confirmation) is nobody else's once it has left."""
    cur.execute(LET_GO, (list(ids),))


def adopt(cur: Cursor, ids: Collection[UUID], *, worker: str, claimed_at: datetime) -> None:
    """What a dead worker left in `sending` is now this worker's to settle."""
    cur.execute(ADOPT, {"ids": list(ids), "worker": worker, "claimed_at": claimed_at})


def workers(cur: Cursor) -> list[str]:
    """Those that have messages in `sending`."""
    return [worker for (worker,) in cur.execute(WORKERS).fetchall()]


def left_sending(cur: Cursor, *, dead: Collection[str], before: datetime) -> list[Message]:
    """Locked messages of dead workers, or claimed before `before` (real time) by anybody."""
    return _messages(cur.execute(DEAD, {"dead": list(dead), "before": before}))


def doubt(cur: Cursor, detail: str, now: datetime) -> int:
    """Nobody knows of what is due whether it has left, except that a safety report is better sent twice than never."""
    return cur.execute(DOUBT, {"detail": detail, "now": now}).rowcount


def pending_contacts(
    cur: Cursor, persons: Collection[UUID], since: datetime, exclude: Collection[UUID] = ()
) -> dict[UUID, list[tuple[datetime, str]]]:
    """Promotional messages that no log knows of yet: (moment, channel) per person.

    At planning everything counts that waits or is being sent. At dispatch (`exclude` names the messages judged) only
    what is being sent counts: of several planned messages the first one due takes the free place.
    """
    states = ("sending",) if exclude else (*WAITING, "sending")
    rows = cur.execute(
        PLANNED_CONTACTS,
        {"persons": list(persons), "states": list(states), "since": since, "own": list(exclude)},
    )
    contacts: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    for person, moment, channel in rows.fetchall():
        contacts[person].append((moment, channel))
    return dict(contacts)


def select(cur: Cursor, condition: str, parameters: dict[str, Any]) -> list[Message]:
    return _messages(cur.execute(f"{SELECT} {condition}", parameters))


def _messages(rows: Iterable[tuple[Any, ...]]) -> list[Message]:
    return [Message(**dict(zip(COLUMNS, row, strict=True))) for row in rows]
