"""What reps answer to a next step: accepted, later, dismissed. An answer can be taken back by who gave it.

A step is named by person and key: the id of a suggestion, or VISIT where the step stands on its reasons alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words

VISIT = "visit"
REST = timedelta(days=30)  # how long a dismissed step that no journey made stays away without news
LONGEST = timedelta(days=180)
REASONS = {
    "not_relevant": Words("Passt nicht zu dieser Person", "Does not fit this person"),
    "already_discussed": Words("Schon besprochen", "Already discussed"),
    "not_now": Words("Zurzeit nicht erwünscht", "Not wanted at present"),
    "other": Words("Anderer Grund", "Another reason"),
}

OPEN = "SELECT state FROM decide_suggestion WHERE id = %s AND person_id = %s FOR UPDATE"
INSERT = """
INSERT INTO decide_reply (id, person_id, key, answer, reason, until, by_id, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
LATEST = """
SELECT DISTINCT ON (person_id, key) id, person_id, key, answer, until, by_id, at FROM decide_reply
WHERE person_id = ANY(%s) AND undone_at IS NULL ORDER BY person_id, key, at DESC, id DESC
"""
UNDO = "UPDATE decide_reply SET undone_at = %s WHERE id = %s AND by_id = %s AND undone_at IS NULL"
KNOWN = "SELECT person_id, key, by_id FROM decide_reply WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Reply:
    id: UUID
    person: UUID
    key: str
    answer: str
    until: datetime | None
    by: UUID
    at: datetime

    def hides(self, now: datetime, news: datetime | None = None) -> bool:
        """`news` is when the person did the last thing that the step is built on."""
        if self.answer == "later":
            return self.until is not None and now < self.until
        if self.answer == "dismissed" and self.key == VISIT:
            return now < self.at + REST and (news is None or news <= self.at)
        return self.answer == "dismissed"


def accept(cur: Cursor, person: UUID, key: str, by: UUID, now: datetime) -> UUID:
    return _give(cur, person, key, "accepted", by=by, now=now)


def later(cur: Cursor, person: UUID, key: str, by: UUID, now: datetime, *, until: datetime) -> UUID:
    if not now < until <= now + LONGEST:
        rule = Words("Der Tag liegt nicht in den nächsten 180 Tagen.", "The day is not within the next 180 days.")
        raise InputError("until", rule, Words("Wählen Sie einen Tag ab morgen.", "Choose a day from tomorrow on."))
    return _give(cur, person, key, "later", by=by, now=now, until=until)


def dismiss(cur: Cursor, person: UUID, key: str, by: UUID, now: datetime, *, reason: str) -> UUID:
    if reason not in REASONS:
        rule = Words("Diesen Grund gibt es nicht.", "There is no such reason.")
        raise InputError("reason", rule, Words("Wählen Sie einen aus der Liste.", "Choose one from the list."))
    return _give(cur, person, key, "dismissed", by=by, now=now, reason=reason)


def undo(cur: Cursor, reply: UUID, by: UUID, now: datetime) -> None:
    """The answer before it counts again. Done twice is done once."""
    row = cur.execute(KNOWN, (reply,)).fetchone()
    if row is None or row[2] != by:
        raise NotFound(f"There is no answer {reply}.")
    _hold(cur, row[0], row[1])
    cur.execute(UNDO, (now, reply, by))


def latest(cur: Cursor, persons: Collection[UUID]) -> dict[UUID, dict[str, Reply]]:
    """Person → key → the answer that counts."""
    found: dict[UUID, dict[str, Reply]] = {}
    for row in cur.execute(LATEST, (list(persons),)):
        reply = Reply(*row)
        found.setdefault(reply.person, {})[reply.key] = reply
    return found


def _give(
    cur: Cursor,
    person: UUID,
    key: str,
    answer: str,
    *,
    by: UUID,
    now: datetime,
    until: datetime | None = None,
    reason: str = "",
) -> UUID:
    """The same answer pressed twice is given once."""
    _hold(cur, person, key)
    known = latest(cur, [person]).get(person, {}).get(key)
    if known and (known.answer, known.until, known.by) == (answer, until, by):
        return known.id
    reply = ids.new()
    cur.execute(INSERT, (reply, person, key, answer, reason, until, by, now))
    return reply


def _hold(cur: Cursor, person: UUID, key: str) -> None:
    if key == VISIT:
        return
    row = cur.execute(OPEN, (_suggestion(key), person)).fetchone()
    if row is None:
        raise NotFound(f"There is no suggestion {key}.")
    if row[0] != "open":
        raise Conflict(
            Words(
                "Der Vorschlag ist schon erledigt: durch einen Besuch, oder weil seine Journey beendet wurde.",
                "The suggestion is closed: by a visit, or because its journey was stopped.",
            )
        )


def _suggestion(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise NotFound(f"There is no step {key}.") from error
