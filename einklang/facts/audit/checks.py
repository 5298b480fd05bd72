"""Walks over whole chains, piece by piece in the worker: how far one is, and what the last one found.

A room that keeps a chain gives a `Walk`; whoever calls hands them in by the name of the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.audit import trail

AUDIT, CONSENT = "audit", "consent"
PIECE = 5_000  # entries of one transaction, some tenths of a second
Place = Mapping[str, Any]

COLUMNS = "id, chain, asked_by, asked_at, place, done, total, fault, finished_at"
LATEST = f"""
SELECT {COLUMNS} FROM audit_check WHERE chain = %s ORDER BY asked_at DESC, id DESC LIMIT 1
"""
CLAIM = f"SELECT {COLUMNS} FROM audit_check WHERE finished_at IS NULL ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED"
ASK = """
INSERT INTO audit_check (id, chain, asked_by, asked_at, total) VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
GO_ON = "UPDATE audit_check SET place = %s, done = %s, fault = %s, finished_at = %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Walked:
    """`place` is where the next piece begins, None at the end; `fault` the first thing that is wrong."""

    place: Place | None
    number: int
    fault: dict[str, Any] | None = None


Walk = Callable[[Cursor, Place, int], Walked]


@dataclass(frozen=True, slots=True)
class Check:
    """A walk that was asked for. `place` is where its next piece begins."""

    id: UUID
    chain: str
    asked_by: UUID | None
    asked_at: datetime
    place: Place
    done: int
    total: int
    fault: dict[str, Any] | None
    finished_at: datetime | None

    @property
    def running(self) -> bool:
        return self.finished_at is None


def ask(cur: Cursor, chain: str, *, total: int, by: UUID | None, now: datetime) -> None:
    """One at a time: who asks while one is running gets its result."""
    cur.execute(ASK, (ids.new(), chain, by, now, total))


def latest(cur: Cursor, chain: str) -> Check | None:
    row = cur.execute(LATEST, (chain,)).fetchone()
    return Check(*row) if row else None


def advance(cur: Cursor, walks: Mapping[str, Walk], now: datetime) -> int:
    """The next piece of the check that waits longest; how many entries that was, and one for a last look."""
    row = cur.execute(CLAIM).fetchone()
    if row is None:
        return 0
    check = Check(*row)
    walked = walks[check.chain](cur, check.place, PIECE)
    over = walked.fault is not None or walked.place is None
    told = (_json(walked.place or {}), check.done + walked.number, _json(walked.fault), now if over else None, check.id)
    cur.execute(GO_ON, told)
    if over and not (walked.fault and check.chain == AUDIT):  # a log that is broken takes no note of it
        found = {"entries": check.done + walked.number, "fault": walked.fault}
        trail.write(
            cur, [trail.Act(act=f"{check.chain}.check", object=check.chain, who=check.asked_by, new=found)], now
        )
    return walked.number + 1


def of_audit(cur: Cursor, place: Place, limit: int) -> Walked:
    """The log itself."""
    before = place.get("position", 0)
    piece = trail.walk(cur, before, place.get("sha256", ""), limit=limit)
    fault = None if piece.wrong is None else {"position": piece.wrong}
    following = None if piece.over else {"position": piece.position, "sha256": piece.previous}
    return Walked(following, piece.position - before, fault)


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
