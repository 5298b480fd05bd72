"""What a rep has to do: next steps of her visits, suggestions that she took on, and what she noted herself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words

State = Literal["open", "done", "dropped"]
LONGEST = 300
EMPTY = Words("Es fehlt, was zu tun ist.", "What is to be done is missing.")
TOO_LONG = Words(f"Die Aufgabe hat höchstens {LONGEST} Zeichen.", f"A task has {LONGEST} characters at most.")
SHORTEN = Words("Kürzen Sie sie auf einen Satz.", "Shorten it to one sentence.")

ADD = """
INSERT INTO visit_task (id, rep_id, person_id, title, due, source, state, created_at)
VALUES (%s, %s, %s, %s, %s, %s, 'open', %s)
ON CONFLICT (rep_id, source) DO UPDATE SET state = 'open', closed_at = NULL, title = excluded.title, due = excluded.due
RETURNING id
"""
LISTING = """
SELECT id, rep_id, person_id, title, due, source, state, closed_at FROM visit_task
WHERE rep_id = %(rep)s AND (%(person)s::uuid IS NULL OR person_id = %(person)s)
    AND ((state = 'open' AND (%(until)s::date IS NULL OR due <= %(until)s))
         OR (state = 'done' AND closed_at >= %(done_since)s::timestamptz))
ORDER BY state DESC, due, created_at, id LIMIT %(limit)s
"""
MOVE = "UPDATE visit_task SET state = %s, closed_at = %s WHERE id = %s AND rep_id = %s RETURNING person_id"
DROP = "UPDATE visit_task SET state = 'dropped', closed_at = %s WHERE rep_id = %s AND source = %s AND state = 'open'"


@dataclass(frozen=True, slots=True)
class Task:
    id: UUID
    rep: UUID
    person: UUID | None
    title: str
    due: date
    source: str
    state: State
    closed_at: datetime | None


def add(cur: Cursor, *, rep: UUID, person: UUID | None, title: str, due: date, source: str, now: datetime) -> UUID:
    """The same source again is the same task, open once more."""
    title = " ".join(title.split())
    if not title:
        raise InputError("title", EMPTY)
    if len(title) > LONGEST:
        raise InputError("title", TOO_LONG, SHORTEN)
    row = cur.execute(ADD, (ids.new(), rep, person, title, due, source, now)).fetchone()
    if row is None:
        raise NotFound("The task was not written.")
    task: UUID = row[0]
    return task


def listing(
    cur: Cursor,
    rep: UUID,
    *,
    person: UUID | None = None,
    until: date | None = None,
    done_since: datetime | None = None,
    limit: int = 100,
) -> Sequence[Task]:
    """Open ones by due day, then those done since."""
    wanted = {"rep": rep, "person": person, "until": until, "done_since": done_since, "limit": limit}
    return [Task(*row) for row in cur.execute(LISTING, wanted).fetchall()]


def move(cur: Cursor, task: UUID, rep: UUID, state: State, now: datetime) -> UUID | None:
    """Done, dropped, or open again. Another rep's task does not exist. Returns whom it is about."""
    closed = None if state == "open" else now
    row = cur.execute(MOVE, (state, closed, task, rep)).fetchone()
    if row is None:
        raise NotFound(f"There is no task {task}.")
    person: UUID | None = row[0]
    return person


def drop(cur: Cursor, rep: UUID, source: str, now: datetime) -> None:
    cur.execute(DROP, (now, rep, source))
