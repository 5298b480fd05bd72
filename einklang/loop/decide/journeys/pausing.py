"""How messages follow a pause and its end: in pieces, so that no transaction is long however many of them wait.

From the first moment of a pause dispatch lets none of them out (`gate.stays`), and nobody is woken.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.gate import door, notes, queue, stays
from einklang.loop.gate.queue import State

PAUSED = notes.JOURNEY_PAUSED
PLANNED: list[State] = ["planned"]
HELD: list[State] = ["held"]
CHUNK = 1_000
CLAIM = """
SELECT id, state FROM decide_journey
WHERE settling AND state IN ('paused', 'active') AND (%(journey)s::uuid IS NULL OR id = %(journey)s)
ORDER BY switched_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
VERSIONS = "SELECT id FROM decide_version WHERE journey_id = %s"
BEGIN = "UPDATE decide_journey SET settling = true WHERE id = %s"
SETTLED = "UPDATE decide_journey SET settling = false WHERE id = %s"


def pause(cur: Cursor, journey: UUID, now: datetime) -> None:
    """A small journey is done at once."""
    stays.hold(cur, _versions(cur, journey), PAUSED)
    _settle(cur, journey, now)


def end(cur: Cursor, journey: UUID, now: datetime) -> None:
    """Only what the pause held is released, and all of it is judged again before it goes."""
    stays.lift(cur, _versions(cur, journey))
    _settle(cur, journey, now)


def advance(cur: Cursor, now: datetime, *, journey: UUID | None = None, limit: int = CHUNK) -> int:
    """How much was done; 0 when no journey settles. The caller commits."""
    claimed = cur.execute(CLAIM, {"journey": journey}).fetchone()
    if claimed is None:
        return 0
    found, state = claimed
    messages = _waiting(cur, found, paused=state == "paused", limit=limit)
    if state == "paused":
        door.hold(cur, messages, PAUSED, now)
    else:
        door.release(cur, messages, now)
    if len(messages) < limit:
        cur.execute(SETTLED, (found,))
    return max(1, len(messages))


def _settle(cur: Cursor, journey: UUID, now: datetime) -> None:
    cur.execute(BEGIN, (journey,))
    advance(cur, now, journey=journey)


def _waiting(cur: Cursor, journey: UUID, *, paused: bool, limit: int) -> list[UUID]:
    """What is planned; at the end of the pause what it held, and nothing that people held by hand."""
    states, detail = (PLANNED, None) if paused else (HELD, PAUSED)
    found: list[UUID] = []
    for version in _versions(cur, journey):
        found += queue.ids(cur, states=states, journey=version, detail=detail, limit=limit - len(found))
    return found


def _versions(cur: Cursor, journey: UUID) -> list[UUID]:
    return [version for (version,) in cur.execute(VERSIONS, (journey,)).fetchall()]
