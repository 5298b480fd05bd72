"""Journeys and their versions: publishing, and the three switches that any journey has.

Publishing and switching lock the journey's row; the worker holds it shared while it moves people. So nobody is moved
by a journey that has just been paused, and whoever pauses sees every message that was planned before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.loop.decide.journeys import pausing, publishable, stopping
from einklang.loop.decide.journeys.document import Document, Journey, WrongDocument, parse
from einklang.loop.decide.journeys.trials import Outcome, outcomes
from einklang.loop.gate import queue
from einklang.loop.interactions import log

STILL_STOPPING = Words(
    "Die Journey wird gerade beendet. Veröffentlichen Sie, sobald sie beendet ist.",
    "The journey is being stopped. Publish as soon as it has stopped.",
)

OPEN = """
INSERT INTO decide_journey (id, key, state, created_at) VALUES (%s, %s, 'active', %s)
ON CONFLICT (key) DO NOTHING
"""
SWITCH = "UPDATE decide_journey SET state = %s, switched_at = %s, switched_by_id = %s WHERE id = %s"
LOCK_KEY = "SELECT id, state FROM decide_journey WHERE key = %s FOR UPDATE"
LATEST = "SELECT id, number, sha256 FROM decide_version WHERE journey_id = %s ORDER BY number DESC LIMIT 1"
PUBLISH = """
INSERT INTO decide_version (id, journey_id, number, document, tests, sha256, published_at, published_by_id,
                            published_pos)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
RUNNING = """
SELECT v.id, v.journey_id, v.document, v.published_pos,
       j.state = 'active' AND v.number = max(v.number) OVER (PARTITION BY v.journey_id)
FROM decide_version v JOIN decide_journey j ON j.id = v.journey_id
WHERE j.state IN ('active', 'paused') ORDER BY v.journey_id, v.number
"""
SHARE = "SELECT id FROM decide_journey ORDER BY id FOR SHARE"
LISTING = """
SELECT DISTINCT ON (j.key) j.id, j.key, v.document->'title', j.state, v.id, v.number, v.published_at,
       j.switched_at, j.switched_by_id, j.reason
FROM decide_journey j JOIN decide_version v ON v.journey_id = j.id
WHERE %(journey)s::uuid IS NULL OR j.id = %(journey)s
ORDER BY j.key, v.number DESC
"""
OUTLOOK = """
SELECT (SELECT count(*) FROM decide_enrolment WHERE journey_id = %(journey)s AND state = 'waiting'),
       (SELECT count(*) FROM decide_suggestion WHERE state = 'open' AND version = ANY(%(versions)s))
"""
VERSIONS = """
SELECT id, number, document, published_at, published_by_id, tests FROM decide_version WHERE journey_id = %s
"""

_parsed: dict[UUID, Journey] = {}  # a version never changes


@dataclass(frozen=True, slots=True)
class Running:
    """A version in which people are, or which takes them in (`open`): only what stands behind `after` in the log."""

    version: UUID
    journey: UUID
    plan: Journey
    after: int
    open: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A journey with its newest version."""

    id: UUID
    key: str
    title: Words
    state: str
    version: UUID
    number: int
    published_at: datetime
    switched_at: datetime | None
    switched_by: UUID | None
    reason: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whom and what a stop concerns."""

    people: int
    messages: int
    suggestions: int


@dataclass(frozen=True, slots=True)
class Published:
    id: UUID
    number: int
    document: Document
    published_at: datetime
    published_by: UUID
    tests: str


class TestsFail(InputError):
    """The first test that fails is the sentence, all stand in `failed`."""

    def __init__(self, failed: Sequence[Outcome]) -> None:
        first = failed[0]
        assert first.text
        name = f"{first.name}: " if first.name else ""
        told = Words(f"Zeile {first.line}: {name}{first.text.de}", f"Line {first.line}: {name}{first.text.en}")
        super().__init__("tests", told)
        self.failed = failed


def publish(cur: Cursor, doc: Document, user: UUID, now: datetime, tests: str = "") -> UUID:
    """The id of the version; that of the newest one if it says the same. A stopped journey starts anew."""
    plan = parse(doc)
    if found := publishable.problems(cur, doc, now):
        raise WrongDocument(found)
    if failed := [each for each in outcomes(plan, tests) if not each.passed]:
        raise TestsFail(failed)
    cur.execute(OPEN, (ids.new(), plan.key, now))
    journey, state = _one(cur, LOCK_KEY, plan.key)
    if state == "stopping":
        raise Conflict(STILL_STOPPING)
    if state == "stopped":
        cur.execute(SWITCH, ("active", now, user, journey))
    sha256 = ids.digest(orjson.dumps(doc, option=orjson.OPT_SORT_KEYS) + tests.encode())
    latest = cur.execute(LATEST, (journey,)).fetchone()
    if latest and latest[2] == sha256:
        known: UUID = latest[0]
        return known
    version = ids.new()
    number = latest[1] + 1 if latest else 1
    row = (version, journey, number, dict(doc), tests, sha256, now, user, log.safe_position(cur))
    cur.execute(PUBLISH, row)
    return version


def pause(cur: Cursor, journey: UUID, now: datetime, by: UUID | None = None) -> None:
    """Nobody enters, nobody is woken, what waits to be sent is held. What happens meanwhile is still noted."""
    if _switch(cur, journey, "paused", ["active"], by=by, now=now):
        pausing.pause(cur, journey, now)


def resume(cur: Cursor, journey: UUID, now: datetime, by: UUID | None = None) -> None:
    if _switch(cur, journey, "active", ["paused"], by=by, now=now):
        pausing.end(cur, journey, now)


def stop(cur: Cursor, journey: UUID, now: datetime, by: UUID | None = None, reason: str = "") -> None:
    """Everybody leaves, and what was not sent never will be. The worker goes on where many people are concerned."""
    if _switch(cur, journey, "stopping", ["active", "paused"], by=by, now=now):
        cur.execute("UPDATE decide_journey SET reason = %s, settling = false WHERE id = %s", (reason, journey))
        stopping.begin(cur, journey, now)


def outlook(cur: Cursor, journey: UUID) -> Outlook:
    own = [each.id for each in versions(cur, journey)]
    people, suggestions = cur.execute(OUTLOOK, {"journey": journey, "versions": own}).fetchone() or (0, 0)
    return Outlook(people, sum(queue.waiting(cur, own).values()), suggestions)


def running(cur: Cursor) -> list[Running]:
    """Not the stopped ones. Holds the journeys' rows shared until the caller's transaction ends."""
    cur.execute(SHARE)
    return [
        Running(version, journey, parsed(version, document), after, is_open)
        for version, journey, document, after, is_open in cur.execute(RUNNING).fetchall()
    ]


def parsed(version: UUID, document: Document) -> Journey:
    if version not in _parsed:
        _parsed[version] = parse(document)
    return _parsed[version]


def listing(cur: Cursor, journey: UUID | None = None) -> list[Row]:
    rows = cur.execute(LISTING, {"journey": journey}).fetchall()
    return [Row(id_, key, Words(title["de"], title["en"]), *rest) for id_, key, title, *rest in rows]


def versions(cur: Cursor, journey: UUID) -> list[Published]:
    """Oldest first."""
    return [Published(*row) for row in cur.execute(VERSIONS + " ORDER BY number", (journey,)).fetchall()]


def journey_of(cur: Cursor, version: UUID) -> UUID:
    found: UUID = _one(cur, "SELECT journey_id FROM decide_version WHERE id = %s", version)[0]
    return found


def _switch(cur: Cursor, journey: UUID, state: str, before: Sequence[str], *, by: UUID | None, now: datetime) -> bool:
    """False where the journey is not in a state from which this is possible: done twice is done once."""
    known = _one(cur, "SELECT state FROM decide_journey WHERE id = %s FOR UPDATE", journey)[0]
    if known in before:
        cur.execute(SWITCH, (state, now, by, journey))
    return known in before


def _one(cur: Cursor, query: str, key: object) -> tuple[Any, ...]:
    row: tuple[Any, ...] | None = cur.execute(query, (key,)).fetchone()
    if row is None:
        raise NotFound(f"There is no journey {key}.")
    return row
