"""Where people stand on their way: rows in, rows out, always many at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.loop.decide.journeys.step import Sent, State

COLUMNS = """e.id, e.journey_id, e.version_id, e.person_id, e.state, e.entered_at, e.entered_by, e.entered_pos,
    e.ended_at, e.arm, e.step, e.since, t.due_at, e.variables"""
FROM = f"SELECT {COLUMNS} FROM decide_enrolment e LEFT JOIN decide_timer t ON t.enrolment_id = e.id"
BY_ID = f"{FROM} WHERE e.id = ANY(%s)"
OF_PERSONS = f"""
{FROM} WHERE e.person_id = ANY(%s) AND e.journey_id = ANY(%s) AND (e.state = 'waiting' OR e.entered_at >= %s)
"""
ENTRIES = """
SELECT journey_id, person_id, max(entered_at), count(*) FROM decide_enrolment
WHERE journey_id = ANY(%s) AND person_id = ANY(%s) GROUP BY journey_id, person_id
"""
ENTERED = """
SELECT e.entered_at, v.document -> 'title' FROM decide_enrolment e JOIN decide_version v ON v.id = e.version_id
WHERE e.person_id = %s AND e.arm = '' ORDER BY e.entered_at
"""
LOCK_TIMERS = """
SELECT t.enrolment_id FROM decide_timer t JOIN decide_enrolment e ON e.id = t.enrolment_id
WHERE e.person_id = ANY(%s) AND e.state = 'waiting' ORDER BY t.enrolment_id FOR UPDATE OF t
"""
BEGAN = "SELECT id, entered_by FROM decide_enrolment WHERE id = ANY(%s)"
CLAIM = """
SELECT enrolment_id FROM decide_timer WHERE version = %s AND due_at <= %s
ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
"""
INSERT = """
WITH new AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s::json) AS new (
        id uuid, journey uuid, version uuid, person uuid, entered_at timestamptz, entered_by uuid, entered_pos bigint,
        state text, ended_at timestamptz, arm text, step text, since timestamptz, due timestamptz, variables jsonb)
), timed AS (
    INSERT INTO decide_timer (enrolment_id, version, due_at) SELECT id, version, due FROM new WHERE due IS NOT NULL
)
INSERT INTO decide_enrolment (id, journey_id, version_id, person_id, entered_at, entered_by, entered_pos,
                              state, ended_at, arm, step, since, variables)
SELECT id, journey, version, person, entered_at, entered_by, entered_pos, state, ended_at, arm, step, since, variables
FROM new
"""
UPDATE = """
WITH moved AS MATERIALIZED (
    SELECT * FROM json_to_recordset(%s::json) AS moved (
        id uuid, state text, ended_at timestamptz, step text, since timestamptz, due timestamptz, variables jsonb)
), timed AS (
    UPDATE decide_timer AS t SET due_at = due FROM moved WHERE t.enrolment_id = id AND due IS NOT NULL
), stopped AS (
    DELETE FROM decide_timer AS t USING moved WHERE t.enrolment_id = id AND due IS NULL
)
UPDATE decide_enrolment AS e
SET state = moved.state, ended_at = moved.ended_at, step = moved.step, since = moved.since, variables = moved.variables
FROM moved WHERE e.id = moved.id
"""
REACHED = """
INSERT INTO decide_goal (enrolment_id, name, at)
SELECT enrolment, name, min(at) FROM json_to_recordset(%s::json) AS t (enrolment uuid, name text, at timestamptz)
GROUP BY enrolment, name ON CONFLICT DO NOTHING
"""
LOG = "COPY decide_step_log (enrolment, version, step, outcome, at, message, rule) FROM STDIN"


@dataclass(slots=True)
class Enrolment:
    """`state` is waiting, done (the way ended), goal or exited; `place` says where on the way.

    Who is held out (`arm`) is done from the start: her goals are counted like those of the others.
    """

    id: UUID
    journey: UUID
    version: UUID
    person: UUID
    state: str
    entered_at: datetime
    entered_by: UUID
    entered_pos: int
    ended_at: datetime | None
    place: State
    arm: str = ""

    def end(self, state: str, at: datetime) -> None:
        self.state, self.ended_at = state, at

    @property
    def due(self) -> datetime | None:
        return self.place.due if self.state == "waiting" else None


class Reached(NamedTuple):
    """The first time counts."""

    enrolment: UUID
    name: str
    at: datetime


class Entries(NamedTuple):
    latest: datetime
    times: int


class Passed(NamedTuple):
    """One line of the step log."""

    enrolment: UUID
    version: UUID
    step: str
    outcome: str
    at: datetime
    message: UUID | None = None
    rule: str = ""


def claim(cur: Cursor, version: UUID, now: datetime, limit: int) -> list[Enrolment]:
    """Those whose timer is due and whom no other worker has. Read after they are locked, or they could be stale."""
    due = [enrolment for (enrolment,) in cur.execute(CLAIM, (version, now, limit)).fetchall()]
    return _read(cur, BY_ID, (due,)) if due else []


def of_persons(cur: Cursor, persons: Collection[UUID], journeys: Collection[UUID], since: datetime) -> list[Enrolment]:
    """Those who wait, or entered since; their timers are locked first, as the worker that wakes them does it."""
    cur.execute(LOCK_TIMERS, (list(persons),))
    return _read(cur, OF_PERSONS, (list(persons), list(journeys), since))


def entries(cur: Cursor, persons: Collection[UUID], journeys: Collection[UUID]) -> dict[tuple[UUID, UUID], Entries]:
    """(journey, person) → when she entered last, and how often."""
    rows = cur.execute(ENTRIES, (list(journeys), list(persons)))
    return {(journey, person): Entries(latest, count) for journey, person, latest, count in rows}


def entered(cur: Cursor, person: UUID) -> list[tuple[datetime, Words]]:
    """When which journey took her in; what held her out did not."""
    return [(at, Words(**title)) for at, title in cur.execute(ENTERED, (person,)).fetchall()]


def began(cur: Cursor, some: Collection[UUID]) -> dict[UUID, UUID]:
    """By which interaction; what is no enrolment is missing."""
    return dict(cur.execute(BEGAN, (list(some),)).fetchall())


def insert(cur: Cursor, new: Sequence[Enrolment]) -> None:
    if new:
        cur.execute(INSERT, (_json([{**_entry(e), **_standing(e)} for e in new]),))


def write(cur: Cursor, moved: Sequence[Enrolment]) -> None:
    """Enrolments whose timers the caller holds."""
    if moved:
        cur.execute(UPDATE, (_json([{"id": e.id, **_standing(e)} for e in moved]),))


def reach(cur: Cursor, reached: Sequence[Reached]) -> None:
    if reached:
        cur.execute(REACHED, (_json([each._asdict() for each in reached]),))


def note(cur: Cursor, passed: Iterable[Passed]) -> None:
    with cur.copy(LOG) as copy:
        copy.write("".join(map(_line, passed)))


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    """One parameter for many rows: an eighth of the time that arrays take the driver."""
    return orjson.dumps(rows).decode()


def _line(each: Passed) -> str:
    """In COPY's text format; names of steps, outcomes and rules hold nothing that needs escaping."""
    message = each.message.hex if each.message else r"\N"
    where = f"{each.enrolment.hex}\t{each.version.hex}\t{each.step}\t{each.outcome}"
    return f"{where}\t{each.at.isoformat()}\t{message}\t{each.rule}\n"


def _read(cur: Cursor, query: str, values: tuple[Any, ...]) -> list[Enrolment]:
    return [_enrolment(*row) for row in cur.execute(query, values)]


def _enrolment(id_: UUID, journey: UUID, version: UUID, person: UUID, state: str, *more: Any) -> Enrolment:
    entered_at, entered_by, entered_pos, ended_at, arm, *place = more
    return Enrolment(
        id_, journey, version, person, state, entered_at, entered_by, entered_pos, ended_at, _place(*place), arm
    )


def _entry(e: Enrolment) -> dict[str, Any]:
    return {
        "journey": e.journey,
        "version": e.version,
        "person": e.person,
        "id": e.id,
        "entered_at": e.entered_at,
        "entered_by": e.entered_by,
        "entered_pos": e.entered_pos,
        "arm": e.arm,
    }


def _standing(e: Enrolment) -> dict[str, Any]:
    sent = {name: each._asdict() for name, each in e.place.sent.items()}
    return {
        "state": e.state,
        "ended_at": e.ended_at,
        "step": e.place.step,
        "since": e.place.since,
        "due": e.due,
        "variables": {"outcomes": e.place.outcomes, "sent": sent},
    }


def _place(step: str, since: datetime, due: datetime | None, variables: Mapping[str, Any]) -> State:
    sent = {name: _sent(each) for name, each in variables.get("sent", {}).items()}
    return State(step, since, due, variables.get("outcomes", {}), sent)


def _sent(known: Mapping[str, Any]) -> Sent:
    message = UUID(known["message"]) if known["message"] else None
    return Sent(message, datetime.fromisoformat(known["leaves"]), tuple(known["linked"]))
