"""Wishes below consent: less often, or not before a day. They narrow what is allowed and never widen it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words

FREQUENCIES = ("normal", "monthly")
CHANNELS = ("email", "visit", "phone")
HOW_OFTEN = (*FREQUENCIES, "quarterly")
NO_FREQUENCY = Words("Diese Häufigkeit gibt es nicht.", "There is no such frequency.")
FROM_THE_LIST = Words("Bitte wählen Sie eine aus der Liste.", "Please choose one from the list.")

READ = "SELECT person, frequency, paused_until, channels, pause_visits FROM consent_preference WHERE person = ANY(%s)"
WRITE = """
INSERT INTO consent_preference (person, frequency, paused_until, channels, pause_visits, changed_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (person) DO UPDATE SET frequency = excluded.frequency, paused_until = excluded.paused_until,
    channels = excluded.channels, pause_visits = excluded.pause_visits, changed_at = excluded.changed_at
"""


@dataclass(frozen=True, slots=True)
class Preference:
    """`monthly`: at most one promotional message a month, over all channels; `channels` says it of single ones, for
    visits and calls, too. A pause stops what is sent, and with `pause_visits` also visits and calls."""

    frequency: str = FREQUENCIES[0]
    paused_until: datetime | None = None
    channels: Mapping[str, str] = field(default_factory=dict)
    pause_visits: bool = False


def read(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, Preference]:
    """Persons without a wish are missing."""
    return {person: Preference(*rest) for person, *rest in cur.execute(READ, (list(persons),))}


def write(cur: Cursor, person: UUID, preference: Preference, now: datetime) -> None:
    if preference.frequency not in FREQUENCIES:
        raise InputError("frequency", NO_FREQUENCY, FROM_THE_LIST)
    if unknown := [name for name, often in preference.channels.items() if not _known(name, often)]:
        raise InputError(unknown[0], NO_FREQUENCY, FROM_THE_LIST)
    narrower = {name: often for name, often in preference.channels.items() if often != HOW_OFTEN[0]}
    wish = (preference.frequency, preference.paused_until, Jsonb(narrower), preference.pause_visits)
    cur.execute(WRITE, (person, *wish, now))


def _known(channel: str, often: str) -> bool:
    return channel in CHANNELS and often in HOW_OFTEN
