from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Outcome, Room, erased, rows
from einklang.core.pg import Cursor
from einklang.faces.portal import searches, shelf
from einklang.facts.people import read as people

NOTICE = "SELECT accepted, at FROM portal_notice WHERE user_id = ANY(%s)"
OWN = {
    "progress": "SELECT slug, percent, at FROM portal_progress WHERE person_id = %s ORDER BY at",
    "saved": "SELECT slug, at FROM portal_saved WHERE person_id = %s ORDER BY at",
    "searches": "SELECT text, at FROM portal_search WHERE person_id = %s ORDER BY at",
}
FORGET = tuple(f"DELETE FROM portal_{table} WHERE person_id = %s" for table in ("progress", "saved", "search"))


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    own = {name: rows(cur, query, (person,)) for name, query in OWN.items()}
    return {"reading": {**own, "notice": rows(cur, NOTICE, (people.logins(cur, [person]),))}}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    number = sum(cur.execute(query, (person,)).rowcount for query in FORGET)
    notices = cur.execute("DELETE FROM portal_notice WHERE user_id = ANY(%s)", (people.logins(cur, [person]),))
    return [erased("reading", number + notices.rowcount)]


def ended(cur: Cursor, persons: Sequence[UUID], permission: str) -> None:
    """Wherever it was withdrawn: in the portal, on the tablet, by an import."""
    if permission == "tracking":
        shelf.forget(cur, persons)
        searches.forget(cur, persons)


ROOM = Room(name="portal", export=export, erase=erase, ended=ended)
