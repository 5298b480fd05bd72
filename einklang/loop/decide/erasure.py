from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg

from einklang.core.erasure import Outcome, Room, erased, rows
from einklang.core.errors import Conflict
from einklang.core.pg import Cursor
from einklang.core.words import Words

JOURNEYS = """
SELECT j.key AS journey, e.state, e.step, e.entered_at, e.ended_at, e.arm AS held_out,
       (SELECT array_agg(g.name ORDER BY g.at) FROM decide_goal g WHERE g.enrolment_id = e.id) AS goals
FROM decide_enrolment e JOIN decide_journey j ON j.id = e.journey_id WHERE e.person_id = %s ORDER BY e.entered_at
"""
SUGGESTIONS = """
SELECT kind, title_de, title_en, state, created_at, closed_at FROM decide_suggestion WHERE person_id = %s
ORDER BY created_at
"""
TASTES = "SELECT kind, target, at FROM decide_taste WHERE person_id = %s ORDER BY at"
REPLIES = "SELECT key, answer, reason, until, at, undone_at FROM decide_reply WHERE person_id = %s ORDER BY at"
BUSY = Words(
    "Gerade geht eine Journey mit dieser Person weiter. Bitte in einer Minute noch einmal.",
    "A journey is just going on with this person. Please try again in a minute.",
)
ENROLLED = "SELECT id FROM decide_enrolment WHERE person_id = %(person)s"
MAILINGS = """
SELECT m.name AS mailing, m.starts_at, a.message, a.rule AS withheld_by
FROM decide_addressed a JOIN decide_mailing m ON m.id = a.mailing_id WHERE a.person_id = %s ORDER BY m.starts_at
"""
LOCK = f"SELECT enrolment_id FROM decide_timer WHERE enrolment_id IN ({ENROLLED}) FOR UPDATE NOWAIT"
# The journey's numbers stay: they name an enrolment that nobody knows any more.
DELETE = (
    f"UPDATE decide_step_log SET message = NULL WHERE enrolment IN ({ENROLLED})",
    f"DELETE FROM decide_goal WHERE enrolment_id IN ({ENROLLED})",
    f"DELETE FROM decide_timer WHERE enrolment_id IN ({ENROLLED})",
    "DELETE FROM decide_reply WHERE person_id = %(person)s",
    "DELETE FROM decide_suggestion WHERE person_id = %(person)s",
)


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {
        "journeys": rows(cur, JOURNEYS, (person,)),
        "suggestions": {"made": rows(cur, SUGGESTIONS, (person,)), "answered": rows(cur, REPLIES, (person,))},
        "mailings": rows(cur, MAILINGS, (person,)),
        "tastes": rows(cur, TASTES, (person,)),
    }


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    """The worker locks timers before persons: whoever holds the person must not wait for them."""
    try:
        cur.execute(LOCK, {"person": person})
    except psycopg.errors.LockNotAvailable as error:
        raise Conflict(BUSY) from error
    for query in DELETE:
        suggestions = cur.execute(query, {"person": person}).rowcount
    tastes = cur.execute("DELETE FROM decide_taste WHERE person_id = %s", (person,)).rowcount
    addressed = cur.execute("DELETE FROM decide_addressed WHERE person_id = %s", (person,)).rowcount
    enrolled = cur.execute("DELETE FROM decide_enrolment WHERE person_id = %s", (person,)).rowcount
    return [
        erased("journeys", enrolled),
        erased("mailings", addressed),
        erased("suggestions", suggestions),
        erased("tastes", tastes),
    ]


ROOM = Room(name="decide", export=export, erase=erase)
