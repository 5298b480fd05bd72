"""Wishes below consent: less often, or not before a day. They narrow what is allowed and never widen it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words

FREQUENCIES = ("normal", "monthly")

READ = "SELECT person, frequency, paused_until FROM consent_preference WHERE person = ANY(%s)"
WRITE = """
INSERT INTO consent_preference (person, frequency, paused_until, changed_at) VALUES (%s, %s, %s, %s)
ON CONFLICT (person) DO UPDATE SET frequency = excluded.frequency, paused_until = excluded.paused_until,
    changed_at = excluded.changed_at
"""


@dataclass(frozen=True, slots=True)
class Preference:
    """`monthly`: at most one promotional message a month."""

    frequency: str = FREQUENCIES[0]
    paused_until: datetime | None = None


def read(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, Preference]:
    """Persons without a wish are missing."""
    return {person: Preference(*rest) for person, *rest in cur.execute(READ, (list(persons),))}


def write(cur: Cursor, person: UUID, preference: Preference, now: datetime) -> None:
    if preference.frequency not in FREQUENCIES:
        raise InputError(
            "frequency",
            Words("Diese Häufigkeit gibt es nicht.", "There is no such frequency."),
            Words("Bitte wählen Sie eine aus der Liste.", "Please choose one from the list."),
        )
    cur.execute(WRITE, (person, preference.frequency, preference.paused_until, now))
