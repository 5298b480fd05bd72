"""Enrolments that nothing accounts for; none in a house that is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import store
from einklang.loop.decide.journeys.document import END, Branch, Journey, Message, Split, Step, Suggest, Wait, WaitFor
from einklang.loop.decide.journeys.step import Fact, matches
from einklang.loop.interactions import kinds, log
from einklang.loop.interactions import unexplained as forgotten
from einklang.loop.interactions.types import Entry

BATCH = 2_000
BEFORE_THE_LOG = 0
A_MONTH = timedelta(days=62)  # what is added up by month may have come in a month later than it happened
NO_TIMER = """
SELECT e.id FROM decide_enrolment AS e LEFT JOIN decide_timer AS t ON t.enrolment_id = e.id
WHERE (e.state = 'waiting') <> (t.enrolment_id IS NOT NULL) OR t.version <> e.version_id ORDER BY e.id
"""
AT_ONCE = """
SELECT unnest(array_agg(id ORDER BY id)) FROM decide_enrolment
WHERE state = 'waiting' GROUP BY journey_id, person_id HAVING count(*) > 1
"""
ENROLMENTS = f"""
SELECT id, version_id, person_id, entered_by, entered_pos, entered_at, arm, step FROM decide_enrolment
WHERE %(after)s::uuid IS NULL OR id > %(after)s ORDER BY id LIMIT {BATCH}
"""
DOCUMENTS = "SELECT id, document FROM decide_version WHERE id = ANY(%s)"
STEPS = "SELECT enrolment, step, outcome FROM decide_step_log WHERE enrolment = ANY(%s) ORDER BY enrolment, id"


class Row(NamedTuple):
    id: UUID
    version: UUID
    person: UUID
    entered_by: UUID
    entered_pos: int
    entered_at: Any
    arm: str
    step: str


def without_timer(cur: Cursor) -> Iterator[UUID]:
    """Who waits has a timer, of her own version; nobody else has one."""
    for (id_,) in cur.execute(NO_TIMER).fetchall():
        yield id_


def twice_at_once(cur: Cursor) -> Iterator[UUID]:
    """Nobody is on the same way twice at the same time."""
    for (id_,) in cur.execute(AT_ONCE).fetchall():
        yield id_


def untriggered(cur: Cursor) -> Iterator[UUID]:
    """Whose entry stands in the log no more or never fired the trigger, unless it is old enough to be forgotten."""
    until = forgotten.forgotten_until(cur)
    for rows, plans in _batches(cur):
        entries = log.at(cur, {each.entered_pos for each in rows})
        names = {each.anonymous for each in entries.values() if each.person is None and each.anonymous}
        known = {name: person for name, (person, _) in log.recognised(cur, names).items()}
        for row in rows:
            entry = entries.get(row.entered_pos)
            explained = _forgettable(row, until) if entry is None else _took_in(row, entry, plans[row.version], known)
            if not explained:
                yield row.id


def off_the_way(cur: Cursor) -> Iterator[UUID]:
    """Whose steps do not follow from one another as the journey's document says, up to where she stands."""
    for rows, plans in _batches(cur):
        steps = cur.execute(STEPS, ([each.id for each in rows],)).fetchall()
        passed = {id_: [(step, outcome) for _, step, outcome in own] for id_, own in groupby(steps, key=lambda s: s[0])}
        for row in rows:
            if not row.arm and not _leads_there(plans[row.version], passed.get(row.id, []), row.step):
                yield row.id


def _batches(cur: Cursor) -> Iterator[tuple[list[Row], dict[UUID, Journey]]]:
    after: UUID | None = None
    while rows := [Row(*row) for row in cur.execute(ENROLMENTS, {"after": after}).fetchall()]:
        documents = cur.execute(DOCUMENTS, (list({each.version for each in rows}),)).fetchall()
        yield rows, {version: store.parsed(version, document) for version, document in documents}
        after = rows[-1].id


def _forgettable(row: Row, until: date | None) -> bool:
    """A demo's world begins with people who are underway already."""
    if row.entered_pos == BEFORE_THE_LOG and settings.get().demo:
        return True
    return until is not None and row.entered_at.astimezone(UTC).date() <= until + A_MONTH


def _took_in(row: Row, entry: Entry, plan: Journey, known: Mapping[str, UUID]) -> bool:
    """A name of another system may be read as something else meanwhile."""
    hers = (entry.person or known.get(entry.anonymous or "")) == row.person
    fact = Fact(entry.kind, entry.occurred_at, entry.properties, entry.message)
    fires = matches(plan.trigger, fact) or entry.kind.startswith(kinds.CUSTOM)
    return entry.id == row.entered_by and hers and fires


def _leads_there(plan: Journey, passed: Sequence[tuple[str, str]], there: str) -> bool:
    at = plan.start
    for name, outcome in passed:
        if name != at or name == END or (following := _next(plan.steps[name], outcome)) is None:
            return False
        at = following
    return at == there


def _next(step: Step, outcome: str) -> str | None:
    match step:
        case Wait():
            ways = {"waited": step.next}
        case WaitFor():
            ways = {"happened": step.then, "timeout": step.otherwise}
        case Branch():
            ways = {"then": step.then, "else": step.otherwise}
        case Split():
            ways = {way.name: way.next for way in step.ways}
        case Message():
            ways = {"planned": step.next, "withheld": step.next}
        case Suggest():
            ways = {"suggested": step.next}
    return ways.get(outcome)
