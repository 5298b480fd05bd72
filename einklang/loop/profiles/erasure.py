"""A profile is what the log says: it goes with the person, and forgets what the log has forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Ageing, Outcome, Room, erased, rows
from einklang.core.pg import Cursor
from einklang.loop.profiles.rebuild import rebuild

PROFILE = "SELECT state FROM profiles_profile WHERE person = %s"
OLD = """
FROM profiles_profile, LATERAL (
    SELECT min((value ->> 'at')::timestamptz) AS at FROM jsonb_each(coalesce(state -> 'seen', '{}'))
) AS first WHERE first.at < %s
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"profile": [row["state"] for row in rows(cur, PROFILE, (person,))]}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    return [erased("profile", cur.execute("DELETE FROM profiles_profile WHERE person = %s", (person,)).rowcount)]


def _older(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    return cur.execute(f"SELECT count(*), min(first.at) {OLD}", (before,)).fetchone() or (0, None)


def _fold_anew(cur: Cursor, before: datetime, limit: int) -> int:
    query = f"SELECT person {OLD} ORDER BY first.at LIMIT %s"
    persons = [person for (person,) in cur.execute(query, (before, limit)).fetchall()]
    rebuild(cur, persons)
    return len(persons)


ROOM = Room(
    name="profiles",
    export=export,
    erase=erase,
    ageing=(Ageing(record_class="profile", older=_older, drop=_fold_anew),),
)
