"""Long work in the order in which it was asked for. A process of its own does it, one for the whole house.

Who does it holds a lock of its session while it does: a process that dies lets go of it, and the job begins again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor, notify
from einklang.core.words import Words

Kind = Literal["results", "rehearsal"]
NOTIFICATION = "planning"
LOCK = 71 << 48
TRIES = 3
GIVEN_UP = Words(
    "Der Lauf brach dreimal ab. Näheres steht im Protokoll des Rechners.",
    "The run broke off three times. The machine's log says more.",
)
KEPT = timedelta(days=7)
COLUMNS = "id, kind, journey_id, wanted, state, percent, asked_at, asked_by_id, done_at, result, error"
SELECT = f"SELECT {COLUMNS} FROM planning_job"
OPEN = "state IN ('waiting', 'running')"
SAME = f"SELECT id FROM planning_job WHERE {OPEN} AND kind = %s AND journey_id IS NOT DISTINCT FROM %s AND wanted = %s"
ASK = """
INSERT INTO planning_job (id, kind, journey_id, wanted, state, asked_at, asked_by_id, expires_at)
VALUES (%s, %s, %s, %s, 'waiting', %s, %s, %s)
"""
LATEST = f"{SELECT} WHERE journey_id = %s AND kind = %s AND (state = 'done' OR NOT %s) ORDER BY asked_at DESC LIMIT 1"
NEXT = f"{SELECT} WHERE {OPEN} ORDER BY asked_at LIMIT 1"
IDLE = f"""
SELECT EXISTS (SELECT FROM planning_job WHERE {OPEN}) AND NOT EXISTS (
    SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND objid = 0
        AND classid::bigint = {LOCK >> 32}
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
COUNTS = f"SELECT state, count(*) FROM planning_job WHERE {OPEN} GROUP BY state"
START = "UPDATE planning_job SET state = 'running', percent = 0, begun = begun + 1 WHERE id = %s RETURNING begun"
MOVE = "UPDATE planning_job SET percent = %s WHERE id = %s"
FINISH = "UPDATE planning_job SET state = 'done', percent = 100, done_at = %s, result = %s WHERE id = %s"
FAIL = "UPDATE planning_job SET state = 'failed', done_at = %s, error = %s WHERE id = %s"
EXPIRE = "DELETE FROM planning_job WHERE id IN (SELECT id FROM planning_job WHERE expires_at < %s LIMIT 20)"
FORGET = """
DELETE FROM planning_played WHERE job_id IN (SELECT id FROM planning_job WHERE expires_at < %s)
"""


@dataclass(frozen=True, slots=True)
class Job:
    id: UUID
    kind: Kind
    journey: UUID | None
    wanted: dict[str, Any]
    state: str
    percent: int
    asked_at: datetime
    asked_by: UUID | None
    done_at: datetime | None
    result: dict[str, Any] | None
    error: str

    @property
    def said(self) -> Words:
        """Why it failed."""
        de, _, en = self.error.partition("\n")
        return Words(de, en or de)

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running")


def ask(
    cur: Cursor, kind: Kind, *, now: datetime, journey: UUID | None, wanted: dict[str, Any], by: UUID | None
) -> UUID:
    """Asked twice it is done once."""
    if same := cur.execute(SAME, (kind, journey, wanted)).fetchone():
        known: UUID = same[0]
        return known
    job = ids.new()
    cur.execute(ASK, (job, kind, journey, wanted, now, by, now + KEPT))
    notify(cur, NOTIFICATION)
    return job


def get(cur: Cursor, job: UUID) -> Job | None:
    row = cur.execute(f"{SELECT} WHERE id = %s", (job,)).fetchone()
    return Job(*row) if row else None


def latest(cur: Cursor, kind: Kind, journey: UUID, *, done: bool = False) -> Job | None:
    row = cur.execute(LATEST, (journey, kind, done)).fetchone()
    return Job(*row) if row else None


def is_idle(cur: Cursor) -> bool:
    """Something is to be done and nobody does it."""
    row = cur.execute(IDLE).fetchone()
    return bool(row and row[0])


def counts(cur: Cursor) -> dict[str, int]:
    """Of what waits or runs."""
    return dict(cur.execute(COUNTS).fetchall())


def begin(cur: Cursor, now: datetime) -> Job | None:
    """The next one, for the holder of the lock. What took down its planner three times is given up."""
    while row := cur.execute(NEXT).fetchone():
        begun = cur.execute(START, (row[0],)).fetchone()
        if begun and begun[0] <= TRIES:
            return Job(*row)
        fail(cur, row[0], GIVEN_UP, now)
    return None


def become_planner(cur: Cursor) -> bool:
    """Until the session ends; False where another process is it."""
    row = cur.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    return bool(row and row[0])


def tell(cur: Cursor, job: UUID, percent: int) -> None:
    cur.execute(MOVE, (percent, job))


def finish(cur: Cursor, job: UUID, result: dict[str, Any], now: datetime) -> None:
    cur.execute(FINISH, (now, result, job))


def fail(cur: Cursor, job: UUID, error: Words, now: datetime) -> None:
    cur.execute(FAIL, (now, "\n".join(error), job))


def expire(cur: Cursor, now: datetime) -> None:
    cur.execute(FORGET, (now,))
    cur.execute(EXPIRE, (now,))
