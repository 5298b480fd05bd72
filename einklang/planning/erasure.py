from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Outcome, Room, erased, rows
from einklang.core.pg import Cursor

PLAYED = """
SELECT j.wanted ->> 'title' AS journey, p.what, p.at FROM planning_played p JOIN planning_job j ON j.id = p.job_id
WHERE p.person_id = %s ORDER BY p.at
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"rehearsals": rows(cur, PLAYED, (person,))}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    gone = cur.execute("DELETE FROM planning_played WHERE person_id = %s", (person,)).rowcount
    return [erased("rehearsals", gone)]


ROOM = Room(name="planning", export=export, erase=erase)
