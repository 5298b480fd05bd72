"""What is done once in a while, by one of the workers, however many there are and however often they start."""

from __future__ import annotations

from datetime import datetime, timedelta

from einklang.core.pg import Cursor
from einklang.watch.house import Chore

EVERY = {
    "pulse": timedelta(minutes=1),
    "census": timedelta(minutes=1),
    "promises": timedelta(minutes=1),
    "house": timedelta(hours=1),
    "sender": timedelta(hours=1),
    "forget": timedelta(days=1),
    "backup": timedelta(days=1),  # by a cron of the machine
    "backup drill": timedelta(days=7),
}
KNOWN = "SELECT FROM project_chore WHERE name = %s"
FIRST = "INSERT INTO project_chore (name, last) VALUES (%s, %s) ON CONFLICT DO NOTHING"
CLAIM = """
UPDATE project_chore SET last = %(now)s WHERE name = (
    SELECT name FROM project_chore WHERE name = %(name)s AND last <= %(before)s FOR UPDATE SKIP LOCKED
)
"""

DONE = "INSERT INTO project_chore (name, last) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET last = excluded.last"
LAST = "SELECT name, last FROM project_chore ORDER BY name"


def claim(cur: Cursor, name: str, every: timedelta, now: datetime) -> bool:
    """True for the one who shall do it now. `now` is real time: a demo's clock makes nobody tidy up more often."""
    if cur.execute(KNOWN, (name,)).fetchone() is None:
        return cur.execute(FIRST, (name, now)).rowcount == 1
    return cur.execute(CLAIM, {"name": name, "now": now, "before": now - every}).rowcount == 1


def done(cur: Cursor, name: str, now: datetime) -> None:
    """Of what people or their cron do: when it last went well."""
    cur.execute(DONE, (name, now))


def listing(cur: Cursor) -> list[Chore]:
    began = last(cur)
    return [Chore(name, EVERY.get(name), began.get(name)) for name in (*EVERY, *sorted(began.keys() - EVERY.keys()))]


def last(cur: Cursor) -> dict[str, datetime]:
    """When each was begun last."""
    return dict(cur.execute(LAST).fetchall())
