from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Outcome, Room, erased, rows, unlocked
from einklang.core.pg import Cursor

VISITS = """
SELECT at, held_at, minutes, products, smpc_presented, safety AS safety_information, content_slugs,
       key_messages, next_steps, note
FROM visit_report WHERE person_id = %s ORDER BY at
"""
SHOWN = "SELECT slug, at FROM visit_shown WHERE person_id = %s ORDER BY at"
TASKS = "SELECT title, due, state, created_at FROM visit_task WHERE person_id = %s ORDER BY created_at"
DELETE = tuple(f"DELETE FROM visit_{table} WHERE person_id = %s" for table in ("draft", "shown", "task"))


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    """Notes about her are hers to read (EU-DP-21)."""
    return {
        "visits": {
            "reports": rows(cur, VISITS, (person,)),
            "shown": rows(cur, SHOWN, (person,)),
            "tasks": rows(cur, TASKS, (person,)),
        }
    }


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    """That a visit was paid stays counted in the log."""
    for query in DELETE:
        cur.execute(query, (person,))
    with unlocked(cur):
        return [erased("visits", cur.execute("DELETE FROM visit_report WHERE person_id = %s", (person,)).rowcount)]


ROOM = Room(name="visit", export=export, erase=erase)
