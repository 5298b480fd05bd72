"""How a stopped journey ends: in pieces, so that no transaction is long however many people are underway.

What waits to be sent goes first. Nobody enters or is woken meanwhile, since the journey is `stopping`, and from the
first moment dispatch lets nothing out (`gate.stays`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.gate import door, notes, queue, stays

STOPPED = notes.JOURNEY_STOPPED
CHUNK = 1_000  # with 5,000 a transaction took 2.5 s on a busy machine
CLAIM = """
SELECT id FROM decide_journey WHERE state = 'stopping' AND (%(journey)s::uuid IS NULL OR id = %(journey)s)
ORDER BY switched_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
VERSIONS = "SELECT id FROM decide_version WHERE journey_id = %s"
WITHDRAW = """
UPDATE decide_suggestion SET state = 'withdrawn', closed_at = %s WHERE id IN (
    SELECT id FROM decide_suggestion WHERE state = 'open' AND version = ANY(%s) LIMIT %s)
"""
LET_GO = """
WITH leaving AS MATERIALIZED (
    SELECT enrolment_id AS id FROM decide_timer WHERE version = ANY(%(versions)s) LIMIT %(limit)s FOR UPDATE
), timers AS (
    DELETE FROM decide_timer USING leaving WHERE enrolment_id = leaving.id
)
UPDATE decide_enrolment AS e SET state = 'exited', ended_at = %(now)s
FROM leaving WHERE e.id = leaving.id AND e.state = 'waiting'
"""
DONE = "UPDATE decide_journey SET state = 'stopped' WHERE id = %s"


def begin(cur: Cursor, journey: UUID, now: datetime) -> None:
    """A small journey ends at once."""
    stays.withhold(cur, _versions(cur, journey), STOPPED)
    advance(cur, now, journey=journey)


def advance(cur: Cursor, now: datetime, *, journey: UUID | None = None, limit: int = CHUNK) -> int:
    """How much was done; 0 when no journey is being stopped. The caller commits."""
    claimed = cur.execute(CLAIM, {"journey": journey}).fetchone()
    if claimed is None:
        return 0
    versions = _versions(cur, claimed[0])
    waiting = [each for version in versions for each in queue.ids(cur, journey=version, limit=limit)][:limit]
    done = len(door.withhold(cur, waiting, STOPPED, now))
    left_out = len(waiting) - done  # being dispatched at this moment; they are looked at again
    done += _let_go(cur, versions, now, limit - done)
    if done < limit and not left_out:
        cur.execute(DONE, claimed)
        stays.lift(cur, versions)
    return max(done, 1)


def _versions(cur: Cursor, journey: UUID) -> list[UUID]:
    return [version for (version,) in cur.execute(VERSIONS, (journey,)).fetchall()]


def _let_go(cur: Cursor, versions: Sequence[UUID], now: datetime, limit: int) -> int:
    withdrawn = cur.execute(WITHDRAW, (now, versions, limit)).rowcount
    left = cur.execute(LET_GO, {"versions": versions, "limit": limit - withdrawn, "now": now}).rowcount
    return withdrawn + left
