"""One message, how many there are, and which wait. Lists for people are in `browse`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.loop.gate import outbox
from einklang.loop.gate.outbox import WAITING, Message, State

__all__ = ["WAITING", "Message", "State", "counts", "find", "get", "ids", "planned", "waiting"]

IDS = """
    SELECT id FROM gate_message
    WHERE state = ANY(%(states)s)
        AND (%(persons)s::uuid[] IS NULL OR (recipient_kind = 'person' AND recipient = ANY(%(persons)s)))
        AND (%(journey)s::uuid IS NULL OR journey = %(journey)s)
        AND (%(channel)s::text IS NULL OR channel = %(channel)s)
        AND (%(purposes)s::text[] IS NULL OR purpose = ANY(%(purposes)s))
        AND (%(contents)s::uuid[] IS NULL OR content = ANY(%(contents)s))
        AND (%(detail)s::text IS NULL OR detail = %(detail)s)
    LIMIT %(limit)s
"""
PLANNED = """
    WHERE state = 'planned' AND recipient_kind = 'person' AND recipient = ANY(%(persons)s)
        AND channel = %(channel)s AND purpose = %(purpose)s AND due_at < %(until)s
    ORDER BY due_at, id LIMIT 500
"""
OLDEST = "SELECT min(due_at) FROM gate_message WHERE state = 'planned'"
COUNTS = "SELECT state, count(*) FROM gate_message GROUP BY state"
WAITING_OF = """
    SELECT journey, content, count(*) FROM gate_message
    WHERE journey = ANY(%s) AND state IN ('planned', 'held') GROUP BY journey, content
"""


def get(cur: Cursor, message: UUID) -> Message:
    try:
        return outbox.get(cur, [message])[message]
    except KeyError as error:
        raise NotFound(f"There is no message {message}.") from error


def find(cur: Cursor, message: UUID) -> Message | None:
    """None where there is none, or none any more."""
    return outbox.get(cur, [message]).get(message)


def counts(cur: Cursor) -> dict[str, int]:
    """Counted one by one, which takes long where there are many: see `census`. A state without any is missing."""
    return dict(cur.execute(COUNTS).fetchall())


def oldest_due(cur: Cursor) -> datetime | None:
    """Since when the message that is to leave next is due; in the future where none waits."""
    row = cur.execute(OLDEST).fetchone()
    return row[0] if row else None


def ids(
    cur: Cursor,
    *,
    states: Collection[State] = WAITING,
    persons: Collection[UUID] | None = None,
    journey: UUID | None = None,
    channel: str | None = None,
    purposes: Collection[str] | None = None,
    contents: Collection[UUID] | None = None,
    detail: str | None = None,
    limit: int | None = None,
) -> list[UUID]:
    """What `door.hold`, `release` and `withhold` take."""
    wanted: dict[str, object] = {
        "states": list(states),
        "persons": list(persons) if persons is not None else None,
        "journey": journey,
        "channel": channel,
        "purposes": list(purposes) if purposes is not None else None,
        "contents": list(contents) if contents is not None else None,
        "detail": detail,
        "limit": limit,
    }
    return [id_ for (id_,) in cur.execute(IDS, wanted).fetchall()]


def waiting(cur: Cursor, journeys: Collection[UUID]) -> dict[tuple[UUID, UUID], int]:
    """How many messages of these journey versions have not left yet: (journey version, content) → number."""
    rows = cur.execute(WAITING_OF, (list(journeys),)).fetchall()
    return {(journey, content): count for journey, content, count in rows}


def planned(cur: Cursor, persons: Collection[UUID], *, channel: str, purpose: str, until: datetime) -> list[Message]:
    """What will go to these persons until then if nothing stops it, soonest first."""
    wanted = {"persons": list(persons), "channel": channel, "purpose": purpose, "until": until}
    return outbox.select(cur, PLANNED, wanted)
