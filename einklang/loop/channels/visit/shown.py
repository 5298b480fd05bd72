"""What a rep showed a person, once a day for each content, so that the report can name it."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor

NOTE = """
INSERT INTO visit_shown (id, rep_id, person_id, content, slug, day, at) VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (rep_id, person_id, content, day) DO NOTHING
"""
SINCE = "SELECT content, slug, at FROM visit_shown WHERE rep_id = %s AND person_id = %s AND at >= %s ORDER BY at, id"


class Shown(NamedTuple):
    content: UUID
    slug: str
    at: datetime


def note(cur: Cursor, *, rep: UUID, person: UUID, content: UUID, slug: str, day: date, now: datetime) -> None:
    cur.execute(NOTE, (ids.new(), rep, person, content, slug, day, now))


def since(cur: Cursor, *, rep: UUID, person: UUID, moment: datetime) -> list[Shown]:
    return [Shown(*row) for row in cur.execute(SINCE, (rep, person, moment)).fetchall()]
