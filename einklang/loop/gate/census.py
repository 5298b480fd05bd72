"""How many messages stand in each state, whether there are a hundred or ten millions of them.

Few are counted whenever somebody asks. Of many a worker counts all, now and then, and whoever asks hears that, and when
it was; only what still moves, and what waits for people, is counted again, from small indexes and as far as it is few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from einklang.core import clock
from einklang.core.clock import ZONE
from einklang.core.pg import Cursor
from einklang.loop.gate import queue

FEW = 20_000
REST = 60  # times as long as the last count took, at least, until the next
DAYS = timedelta(days=31)
LONGEST = "5min"
MOVING = ("planned", "held", "sending", "failed", "uncertain")

MANY = "SELECT FROM gate_message OFFSET %s LIMIT 1"
NOW = " UNION ALL ".join(
    f"SELECT '{state}', count(*) FROM (SELECT FROM gate_message WHERE state = '{state}' LIMIT %(most)s) AS found"
    for state in MOVING
)
DAY = f"(created_at AT TIME ZONE '{ZONE.key}')::date"
BY_DAY = f"SELECT {DAY}, state, count(*) FROM gate_message WHERE created_at >= %s GROUP BY 1, 2"
ALL = f"SELECT {DAY}, state, count(*) FROM gate_message GROUP BY 1, 2"
LAST = "SELECT at, seconds FROM gate_census"
KEPT = "SELECT at, states, days FROM gate_census"
KEEP = """
INSERT INTO gate_census (at, seconds, states, days) VALUES (%s, %s, %s, %s)
ON CONFLICT (one) DO UPDATE
SET at = excluded.at, seconds = excluded.seconds, states = excluded.states, days = excluded.days
"""

Days = Mapping[tuple[date, str], int]


class Census(NamedTuple):
    """`at` (real time): when that was counted which moves no more; None: at this moment."""

    states: Mapping[str, int]
    at: datetime | None = None

    @property
    def total(self) -> int:
        return sum(self.states.values())


def look(cur: Cursor) -> Census:
    """A state without any message is missing."""
    kept = cur.execute(KEPT).fetchone() if _many(cur) else None
    if kept is None:
        return Census(queue.counts(cur))
    at, counted, _ = kept
    return Census({state: number for state, number in (counted | _moving(cur, counted)).items() if number}, at)


def by_day(cur: Cursor, since: datetime) -> Days:
    """(day in Berlin on which they were planned, what became of them until now, or until `look(cur).at`) → messages.
    `since` is a midnight, at most a month ago."""
    kept = cur.execute(KEPT).fetchone() if _many(cur) else None
    if kept is None:
        return {(day, state): number for day, state, number in cur.execute(BY_DAY, (since,))}
    first = since.astimezone(ZONE).date()
    days = ((date.fromisoformat(day), states) for day, states in kept[2].items())
    return {(day, state): number for day, states in days if day >= first for state, number in states.items()}


def count(cur: Cursor, now: datetime) -> bool:
    """Where there are many, and it is time: all are counted and the figures kept. The caller commits."""
    began, last = clock.real_now(), cur.execute(LAST).fetchone()
    if (last and began - last[0] < REST * timedelta(seconds=last[1])) or not _many(cur):
        return False
    cur.execute(f"SET LOCAL transaction_timeout = '{LONGEST}'")
    rows = cur.execute(ALL).fetchall()
    states: Counter[str] = Counter()
    days: dict[str, dict[str, int]] = {}
    for day, state, number in rows:
        states[state] += number
        if day >= (now - DAYS).astimezone(ZONE).date():
            days.setdefault(day.isoformat(), {})[state] = number
    cur.execute(KEEP, (began, (clock.real_now() - began).total_seconds(), dict(states), days))
    return True


def _many(cur: Cursor) -> bool:
    return cur.execute(MANY, (FEW,)).fetchone() is not None


def _moving(cur: Cursor, counted: Mapping[str, int]) -> dict[str, int]:
    """Of more than a few the last count says how many, if that is more."""
    found = cur.execute(NOW, {"most": FEW + 1}).fetchall()
    return {state: number if number <= FEW else max(number, counted.get(state, 0)) for state, number in found}
