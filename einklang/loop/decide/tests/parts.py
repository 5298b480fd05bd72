"""What the tests of this room begin with: a doctor who may be written to, approved content, a published journey."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import store, triggers, wake
from einklang.loop.decide.tests.documents import story
from einklang.loop.interactions import consumers, log, make
from einklang.loop.profiles.consumer import CONSUMER as PROFILES
from tests import cast

NOW = cast.NOW  # Thursday, 07:42 in Berlin
DAY = timedelta(days=1)
SATURDAY = NOW + 2 * DAY


def published(document: dict[str, Any] | None = None) -> UUID:
    """The id of the journey."""
    cast.product_article()
    cast.mail()
    cur = cursor()
    version = store.publish(cur, document or story(), cast.administrator().id, NOW - DAY)
    row = cur.execute("SELECT journey_id FROM decide_version WHERE id = %s", (version,)).fetchone()
    assert row is not None
    journey: UUID = row[0]
    return journey


def reader(person: Person | None = None) -> Person:
    doctor = person or cast.albrecht()
    cast.allow(doctor, "tracking", "mail_tracking", "email", "rep_visibility", now=NOW - DAY)
    return doctor


def reads(cur: Cursor, person: Person, at: datetime = NOW, slug: str = "herzinsuffizienz-praxis", **more: Any) -> None:
    happens(
        cur, "content.viewed", person, at, {"content_slug": slug, "topics": [cast.TOPIC], "title": "Praxis"}, **more
    )


def happens(
    cur: Cursor, kind: str, person: Person, at: datetime, properties: dict[str, Any] | None = None, **more: Any
) -> None:
    log.record(cur, [make.interaction(kind, now=at, source="test", person=person.id, properties=properties, **more)])


def consume(cur: Cursor, now: datetime) -> None:
    """Profiles first, then the journeys that follow them."""
    for consumer in (PROFILES, triggers.CONSUMER):
        while consumers.advance(cur, consumer, now):
            pass


def wakes(cur: Cursor, now: datetime) -> int:
    woken = 0
    while count := wake.advance(cur, now):
        woken += count
    return woken


def places(cur: Cursor) -> list[tuple[str, str]]:
    return cur.execute("SELECT state, step FROM decide_enrolment ORDER BY entered_at").fetchall()


def messages(cur: Cursor) -> list[tuple[str, datetime]]:
    return cur.execute("SELECT state, due_at FROM gate_message ORDER BY created_at").fetchall()
