"""What somebody requested is hers as well. After an erasure the case says that and when it was answered, no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import RESTRICTED, Ageing, Outcome, Room, rows
from einklang.core.pg import Cursor

REQUESTS = """
SELECT id, kind, wishes, message, source, identity, received_at, due, extended_at, extension_reason, state, decided_at,
       answer, outcomes
FROM privacy_request WHERE person = %s ORDER BY received_at
"""
BLANK = """
UPDATE privacy_request SET wishes = '{}', message = '', answer = '', extension_reason = '',
    state = CASE state WHEN 'open' THEN 'done' ELSE state END, decided_at = coalesce(decided_at, %(now)s)
WHERE person = %(person)s RETURNING id
"""
OLD = "FROM privacy_request WHERE state <> 'open' AND decided_at < %s"


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"requests": rows(cur, REQUESTS, (person,))}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    number = len(cur.execute(BLANK, {"person": person, "now": now}).fetchall())
    return [Outcome(record_class="requests", result=RESTRICTED, count=number, since=now)] if number else []


def _older(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    return cur.execute(f"SELECT count(*), min(decided_at) {OLD}", (before,)).fetchone() or (0, None)


def _drop(cur: Cursor, before: datetime, limit: int) -> int:
    return cur.execute(f"DELETE FROM privacy_request WHERE id IN (SELECT id {OLD} LIMIT %s)", (before, limit)).rowcount


ROOM = Room(
    name="privacy",
    export=export,
    erase=erase,
    ageing=(Ageing(record_class="requests", older=_older, drop=_drop),),
)
