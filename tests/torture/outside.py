"""The whole history against what only the outside knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from einklang.core import clock, pg
from einklang.project import history
from tests.torture import smtp
from tests.torture.house import House
from tests.torture.known import Known

LOGGED = "SELECT source_id, count(*) FROM interactions_log WHERE source = %s GROUP BY source_id"
SOURCES = "SELECT 'key:' || id, is_portal FROM interactions_write_key WHERE key = %s OR is_portal"
MESSAGES = "SELECT id, btrim(message_id, '<>'), state, recipient FROM gate_message"
HELD = "SELECT note, count(*) FROM visit_report WHERE held_at IS NOT NULL AND note <> '' GROUP BY note"
TOKENS = "SELECT token FROM orders_order"
WITHDRAWN = "SELECT DISTINCT split_part(subject, ':', 2) FROM consent_entry WHERE state IN ('withdrawn', 'objected')"
BUSY = """
SELECT (SELECT count(*) FROM gate_message WHERE state = 'sending')
     + (SELECT count(*) FROM interactions_checkpoint WHERE pos < (SELECT max(pos) FROM interactions_log))
"""


def messages(house: House) -> set[UUID]:
    """Those that have left, or never will."""
    with house.connect() as connection:
        return _first(connection, "SELECT id FROM gate_message WHERE state NOT IN ('planned', 'held')")


def settled(house: House) -> bool:
    """Nothing is leaving, and everybody has read the log."""
    with house.connect() as connection:
        row = connection.execute(BUSY).fetchone()
    return row is not None and row[0] == 0


def problems(house: House, known: Known, key: str) -> Iterator[str]:
    yield from known.faults
    with pg.connect(house.database_url, autocommit=True, application="torture") as db:
        for found in history.check(db, history.Asked(clock.now(db.cursor()))):
            if found.number:
                yield f"{found.invariant.words.en} Not so: {found.number}, like {', '.join(found.ids[:3])}"
        yield from _events(db, known, key)
        yield from _mails(db, known, Counter(name for name, _ in smtp.arrived(house.mails)))
        yield from _told("samples that were promised are not there", known.samples - _first(db, TOKENS))
        yield from _visits(db, known)


def _events(db: pg.Connection, known: Known, key: str) -> Iterator[str]:
    sources = {is_portal: source for source, is_portal in db.execute(SOURCES, (key,)).fetchall()}
    logged: dict[str, int] = dict(db.execute(LOGGED, (sources[False],)).fetchall())
    yield from _told("events that were accepted are not there", known.answered - logged.keys())
    yield from _told("events that nobody told are there", logged.keys() - known.told)
    yield from _told("events stand there more than once", {name for name, number in logged.items() if number > 1})
    read: dict[str, int] = dict(db.execute(LOGGED, (sources.get(True, ""),)).fetchall())
    yield from _told("readings that were accepted are not there", known.read - read.keys())


def _mails(db: pg.Connection, known: Known, arrived: Counter[str]) -> Iterator[str]:
    rows = [row for row in db.execute(MESSAGES).fetchall() if row[0] not in known.before]
    states = {name: state for _, name, state, _ in rows}
    went = {name for name, state in states.items() if state in ("sent", "delivered")}
    may = went | {name for name, state in states.items() if state == "uncertain"}
    yield from _told("mails arrived more than once", {name for name, number in arrived.items() if number > 1})
    yield from _told("mails count as sent and did not arrive", went - arrived.keys())
    yield from _told("mails arrived that the house does not call sent or uncertain", arrived.keys() - may)
    yield from _told("messages that were planned are not there", known.planned - {id_ for id_, *_ in rows})
    withdrawn = _first(db, WITHDRAWN)
    stopped = {name for _, name, _, person in rows if name in known.unsubscribed and str(person) not in withdrawn}
    yield from _told("readers who unsubscribed are not withdrawn", stopped)


def _visits(db: pg.Connection, known: Known) -> Iterator[str]:
    held: dict[str, int] = dict(db.execute(HELD).fetchall())
    tasks = _first(db, "SELECT title FROM visit_task WHERE source LIKE 'report:%' UNION SELECT source FROM visit_task")
    yield from _told("visits that were closed are not there", known.visits - held.keys())
    yield from _told("visits stand there more than once", {note for note, number in held.items() if number > 1})
    yield from _told("next steps that were agreed are no tasks", known.agreed - tasks)
    yield from _told("steps that were accepted are no tasks", known.accepted - tasks)


def _first(db: pg.Connection, query: str) -> set[Any]:
    return {value for (value,) in db.execute(query).fetchall()}


def _told(what: str, names: Collection[object]) -> Iterator[str]:
    if names:
        yield f"{len(names)} {what}, like {', '.join(str(each) for each in list(names)[:3])}"


def summary(house: House) -> str:
    """How much there was to go wrong."""
    with house.connect() as db:
        numbers = {
            "entries": db.execute("SELECT count(*) FROM interactions_log").fetchall()[0][0],
            "verdicts": db.execute("SELECT count(*) FROM gate_verdict").fetchall()[0][0],
            "enrolments": db.execute("SELECT count(*) FROM decide_enrolment WHERE entered_pos > 0").fetchall()[0][0],
            **dict(db.execute("SELECT state, count(*) FROM gate_message GROUP BY state ORDER BY state").fetchall()),
        }
    return f"{numbers}, {len(smtp.arrived(house.mails))} mails arrived"
