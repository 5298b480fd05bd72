"""A rep sees the persons of her territories, in every list, object and search."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor

MINE = """
SELECT DISTINCT p.person_id
FROM people_territoryrep r JOIN people_territoryperson p USING (territory_id)
WHERE r.user_id = %s AND r.since <= %s AND (r.until IS NULL OR r.until > %s)
"""
REPS = """
SELECT DISTINCT p.person_id, r.user_id
FROM people_territoryperson p JOIN people_territoryrep r USING (territory_id)
WHERE p.person_id = ANY(%s) AND r.since <= %s AND (r.until IS NULL OR r.until > %s)
ORDER BY 1, 2
"""


def persons(cur: Cursor, user: UUID, now: datetime) -> set[UUID]:
    return {person for (person,) in cur.execute(MINE, (user, now, now)).fetchall()}


def reps(cur: Cursor, persons: Iterable[UUID], now: datetime) -> dict[UUID, list[UUID]]:
    """Person → users; a person without a rep is missing."""
    found: dict[UUID, list[UUID]] = {}
    for person, user in cur.execute(REPS, (list(persons), now, now)).fetchall():
        found.setdefault(person, []).append(user)
    return found


def covers(cur: Cursor, user: UUID, person: UUID, now: datetime) -> bool:
    return user in reps(cur, [person], now).get(person, ())
