"""Steps of journeys a second: a million people wait in ten journeys, a hundred thousand of them are due.

A full step is the mail of the story's journey: claim the timer, ask the gate with all its facts, write verdict, facts,
outbox row, step log and next timer. The limit is what claiming and rescheduling the same timers costs in one bare
statement: one connection, 500 at once, committed each time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter
from uuid import UUID

from einklang.core.pg import Connection, Cursor, connect
from einklang.facts.people.models import User
from einklang.loop.decide.journeys import store, wake
from einklang.loop.gate.bench import AT, campaign

JOURNEYS = 10
BATCH = 500
WEEK = timedelta(days=7)
TABLES = ("decide_timer", "decide_enrolment")
ENROL = """
INSERT INTO decide_enrolment (id, journey_id, version_id, person_id, state, step, since, entered_at, entered_by,
                              entered_pos, variables)
SELECT uuidv7(), %(journey)s, %(version)s, person, 'waiting', 'pause', %(since)s, %(since)s, uuidv7(), 0, '{}'
FROM unnest(%(persons)s::uuid[]) AS person
"""
WAIT = """
INSERT INTO decide_timer (enrolment_id, version, due_at)
SELECT e.id, e.version_id, CASE
    WHEN e.person_id = ANY(%(due)s) THEN %(since)s::timestamptz + random() * interval '1 hour'
    ELSE %(now)s::timestamptz + interval '30 days' + random() * interval '30 days' END
FROM decide_enrolment e WHERE e.version_id = %(version)s
"""
BARE = """
WITH due AS (
    SELECT enrolment_id FROM decide_timer WHERE version = %(version)s AND due_at <= %(now)s
    ORDER BY due_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE decide_timer AS t SET due_at = t.due_at + interval '7 days' FROM due WHERE t.enrolment_id = due.enrolment_id
"""
BACK = """
UPDATE decide_timer SET due_at = due_at - interval '7 days' WHERE version = %(version)s AND due_at <= %(until)s
"""
Row = tuple[str, float, str, float | None]


def wake_1m(url: str) -> list[Row]:
    """Journey by journey first bare, then in full, so that whatever else the machine does meets both."""
    bare: list[float] = []
    full: list[float] = []
    with connect(url) as connection:
        cur = connection.cursor()
        waiting, due, versions = _world(connection, cur)
        gc.freeze()  # as the worker does
        for version in versions:
            bare += _timed(_bare(connection, cur, version))
            cur.execute(BACK, {"version": version, "until": AT + WEEK})
            connection.commit()
            full += _timed(_full(connection, cur, due // JOURNEYS))
    return [
        ("wake_1m", due / sum(full), "steps/s", due / sum(bare)),
        ("wake_1m.waiting", waiting, "people", None),
        ("wake_1m.due", due, "people", None),
        ("wake_1m.batch_p95", sorted(full)[int(len(full) * 0.95)] * 1000, "ms", None),
    ]


def _full(connection: Connection, cur: Cursor, due: int) -> Iterator[int]:
    """The journey that is most behind comes first, so these are the people whom the bare statement moved before."""
    while due > 0:
        woken = wake.advance(cur, AT, min(BATCH, due))
        connection.commit()
        due -= woken
        yield woken


def _bare(connection: Connection, cur: Cursor, version: UUID) -> Iterator[int]:
    while moved := cur.execute(BARE, {"version": version, "now": AT, "limit": BATCH}).rowcount:
        connection.commit()
        yield moved


def _timed(batches: Iterator[int]) -> list[float]:
    """Seconds of each batch."""
    spent, started = [], perf_counter()
    for _ in batches:
        done = perf_counter()
        spent.append(done - started)
        started = done
    return spent


def _world(connection: Connection, cur: Cursor) -> tuple[int, int, list[UUID]]:
    """How many wait, how many of them are due, and the journey versions. Each person is due in one journey."""
    questions = campaign(cur)
    persons = [person for question in questions if (person := question.recipient.person)]
    author = User.objects.create_user("author@example.org", name="Author")
    versions = []
    for number in range(JOURNEYS):
        version = store.publish(cur, _document(number), author.id, AT - WEEK)
        (running,) = [each for each in store.running(cur) if each.version == version]
        values = {"journey": running.journey, "version": version, "persons": persons, "since": AT - WEEK}
        cur.execute(ENROL, values)
        since = AT - timedelta(hours=2 * (JOURNEYS - number))
        cur.execute(WAIT, {"version": version, "now": AT, "since": since, "due": persons[number::JOURNEYS]})
        connection.commit()
        versions.append(version)
    _tidy(connection)
    return len(persons) * JOURNEYS, len(persons), versions


def _tidy(connection: Connection) -> None:
    connection.autocommit = True
    connection.execute("VACUUM ANALYZE")
    connection.execute("CHECKPOINT")
    connection.autocommit = False


def _document(number: int) -> dict[str, object]:
    """Wait, mail, wait for the answer: the way of the story's journey up to the visit."""
    title = {"de": f"Journey {number}", "en": f"Journey {number}"}
    message = {"content": "bench", "channel": "email", "purpose": "promotional", "unit": "marketing"}
    answer = {"kinds": ["email.clicked"], "where": {"linked_by": "mail"}, "at_most": "P3D"}
    return {
        "format": 1,
        "key": f"bench-{number}",
        "title": title,
        "trigger": {"kind": "content.viewed"},
        "start": "pause",
        "steps": {
            "pause": {"wait": {"for": "P2D"}, "next": "mail"},
            "mail": {"message": message, "next": "answer"},
            "answer": {"wait_for": answer, "then": "end", "else": "end"},
        },
    }
