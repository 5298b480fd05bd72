"""What a reader began and what she put aside. Progress is kept only while she allows us to remember what she reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor

BEGUN, FINISHED = 3, 95  # percent

SHELF = """
SELECT slug, max(percent) AS percent, max(saved_at) AS saved_at, max(at) AS at FROM (
    SELECT slug, percent, NULL AS saved_at, at FROM portal_progress WHERE person_id = %(person)s
    UNION ALL
    SELECT slug, NULL, at, at FROM portal_saved WHERE person_id = %(person)s
) AS kept GROUP BY slug ORDER BY at DESC
"""
REACH = """
INSERT INTO portal_progress (person_id, slug, percent, at) VALUES (%s, %s, %s, %s)
ON CONFLICT (person_id, slug) DO UPDATE SET percent = excluded.percent, at = excluded.at
"""
SAVE = """
INSERT INTO portal_saved (person_id, slug, at) VALUES (%s, %s, %s) ON CONFLICT (person_id, slug) DO NOTHING
"""
UNSAVE = "DELETE FROM portal_saved WHERE person_id = %s AND slug = %s"
FORGET = "DELETE FROM portal_progress WHERE person_id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Kept:
    """`percent` is None where it was never opened or may not be remembered, `saved_at` where it was not put aside."""

    slug: str
    percent: int | None
    saved_at: datetime | None
    at: datetime

    @property
    def begun(self) -> bool:
        return self.percent is not None and BEGUN <= self.percent < FINISHED


def kept(cur: Cursor, person: UUID) -> dict[str, Kept]:
    """By slug, the last touched first."""
    return {row[0]: Kept(*row) for row in cur.execute(SHELF, {"person": person})}


def to_go_on(shelf: Iterable[Kept]) -> list[Kept]:
    """What is begun before what only waits."""
    waiting = [each for each in shelf if each.begun or (each.saved_at and each.percent is None)]
    return sorted(waiting, key=lambda each: not each.begun)


def reach(cur: Cursor, person: UUID, slug: str, percent: int, now: datetime) -> None:
    cur.execute(REACH, (person, slug, min(max(percent, 0), 100), now))


def save(cur: Cursor, person: UUID, slug: str, now: datetime) -> None:
    cur.execute(SAVE, (person, slug, now))


def unsave(cur: Cursor, person: UUID, slug: str) -> None:
    cur.execute(UNSAVE, (person, slug))


def forget(cur: Cursor, persons: Sequence[UUID]) -> None:
    """Their progress, not what they put aside themselves."""
    cur.execute(FORGET, (list(persons),))
