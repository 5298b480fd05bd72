"""Steps of journeys a second: a million people wait in ten journeys, a hundred thousand of them are due.

A full step is the mail of the story's journey: claim the timer, ask the gate with all its facts, write verdict, facts,
outbox row, step log and next timer. The limit is what claiming and rescheduling the same timers costs in one bare
statement: one connection, 500 at once, committed each time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter
from uuid import UUID

from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from einklang.core.pg import Connection, Cursor, connect
from einklang.facts.people.models import User
from einklang.loop.decide.journeys import store, wake
from einklang.loop.decide.journeys.store import Running
from einklang.loop.gate.bench import AT, PEOPLE, campaign, consenting

JOURNEYS = 10
DUE = PEOPLE
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
# What is filled in points at what was filled in before: a superuser need not have millions of references looked up.
UNCHECKED = """
SELECT set_config('session_replication_role', 'replica', true) FROM pg_roles WHERE rolname = current_user AND rolsuper
"""
Row = tuple[str, float, str, float | None]


def wake_1m(url: str) -> list[Row]:
    """Journey by journey first bare, then in full, so that whatever else the machine does meets both."""
    bare: list[float] = []
    full: list[float] = []
    with connect(url) as connection:
        cur = connection.cursor()
        persons = _persons(connection)
        journeys = _publish(connection)
        _enrol(connection, journeys, persons)
        _wait(connection, journeys, persons, DUE)
        gc.freeze()  # as the worker does
        for journey in journeys:
            bare += _timed(_bare(connection, cur, journey.version))
            cur.execute(BACK, {"version": journey.version, "until": AT + WEEK})
            connection.commit()
            full += _timed(_full(connection, DUE // JOURNEYS))
    return [
        ("wake_1m", DUE / sum(full), "steps/s", DUE / sum(bare)),
        ("wake_1m.waiting", len(persons) * JOURNEYS, "people", None),
        ("wake_1m.due", DUE, "people", None),
        ("wake_1m.batch_p95", sorted(full)[int(len(full) * 0.95)] * 1000, "ms", None),
    ]


def wake_10m(url: str, *, more: int = 9 * PEOPLE, due: int = DUE) -> list[Row]:
    """The same number of people due among ten million and among one: the limit is the rate among one million.

    Two databases of one server, journey by journey in turns, so that whatever else the machine does meets both.
    """
    with connect(url) as connection:
        early = _persons(connection)
        journeys = _publish(connection)
        _enrol(connection, journeys, early)
    with _copied(url) as copy, connect(url) as many, connect(copy) as few:
        persons = early + _later(many, journeys, more)
        _wait(few, journeys, early, due)
        _wait(many, journeys, persons, due)
        gc.freeze()
        among_few: list[float] = []
        among_many: list[float] = []
        for _ in journeys:
            among_few += _timed(_full(few, due // JOURNEYS))
            among_many += _timed(_full(many, due // JOURNEYS))
    return [
        ("wake_10m", due / sum(among_many), "steps/s", due / sum(among_few)),
        ("wake_10m.waiting", len(persons) * JOURNEYS, "people", None),
        ("wake_10m.due", due, "people", None),
        ("wake_10m.batch_p95", sorted(among_many)[int(len(among_many) * 0.95)] * 1000, "ms", None),
    ]


def _full(connection: Connection, due: int) -> Iterator[int]:
    """The journey that is most behind comes first, so these are the people whom the bare statement moved before."""
    while due > 0:
        woken = wake.advance(connection.cursor(), AT, min(BATCH, due))
        connection.commit()
        assert woken, "fewer are due than were made so"
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


def _persons(connection: Connection) -> list[UUID]:
    """Those of the gate's campaign, with the mail that the journeys send."""
    questions = campaign(connection.cursor())
    connection.commit()
    return [person for question in questions if (person := question.recipient.person)]


def _publish(connection: Connection) -> list[Running]:
    author = User.objects.create_user("author@example.org", name="Author")
    for number in range(JOURNEYS):
        store.publish(connection.cursor(), _document(number), author.id, AT - WEEK)
    connection.commit()
    return sorted(store.running(connection.cursor()), key=lambda each: each.plan.key)


def _enrol(connection: Connection, journeys: Sequence[Running], persons: Sequence[UUID]) -> None:
    for journey in journeys:
        values = {"journey": journey.journey, "version": journey.version, "persons": persons, "since": AT - WEEK}
        connection.execute(UNCHECKED)
        connection.execute(ENROL, values)
        connection.commit()


def _later(connection: Connection, journeys: Sequence[Running], number: int) -> list[UUID]:
    """So many people more who wait in all journeys."""
    persons: list[UUID] = []
    while len(persons) < number:
        some = consenting(connection.cursor(), min(PEOPLE, number - len(persons)))
        _enrol(connection, journeys, some)
        persons += some
    return persons


def _wait(connection: Connection, journeys: Sequence[Running], persons: Sequence[UUID], due: int) -> None:
    """All of them wait; so many are due, each in one journey, spread over all who wait."""
    apart = len(persons) * JOURNEYS // due
    for number, journey in enumerate(journeys):
        since = AT - timedelta(hours=2 * (JOURNEYS - number))
        values = {"version": journey.version, "now": AT, "since": since, "due": persons[number::apart]}
        connection.execute(UNCHECKED)
        connection.execute(WAIT, values)
        connection.commit()
    _tidy(connection)


@contextmanager
def _copied(url: str) -> Iterator[str]:
    """A second database like the first, which nobody else uses meanwhile; psycopg's words for it."""
    connections.close_all()
    with connect(url, autocommit=True) as admin:
        name = f"{admin.info.dbname}_copy"
        source, copy = sql.Identifier(admin.info.dbname), sql.Identifier(name)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(copy, source))
    try:
        yield make_conninfo(url, dbname=name)
    finally:
        with connect(url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(copy))


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
