from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Outcome, Room, erased, rows
from einklang.core.pg import Cursor

PROFILE = "SELECT state FROM profiles_profile WHERE person = %s"


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"profile": [row["state"] for row in rows(cur, PROFILE, (person,))]}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    return [erased("profile", cur.execute("DELETE FROM profiles_profile WHERE person = %s", (person,)).rowcount)]


ROOM = Room(name="profiles", export=export, erase=erase)
