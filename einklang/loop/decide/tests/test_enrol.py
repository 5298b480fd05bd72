"""What the consumer does with what happened. The log hands out only what was committed, so these tests commit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import numbers, store
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import DAY, NOW, consume, happens, places, published, reader, reads, wakes
from tests import cast


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


@pytest.fixture
def doctor(cur: Cursor) -> Person:
    return reader()


def test_who_reads_about_the_topic_is_taken_in(cur: Cursor, doctor: Person) -> None:
    published()
    reads(cur, doctor)
    consume(cur, NOW)
    assert places(cur) == [("waiting", "pause")]
    assert cur.execute("SELECT due_at FROM decide_timer").fetchall() == [(NOW + 2 * DAY,)]


def test_reading_about_something_else_takes_nobody_in(cur: Cursor, doctor: Person) -> None:
    published()
    happens(cur, "content.viewed", doctor, NOW, {"content_slug": "x", "topics": ["erkältung"]})
    reads(cur, doctor, is_machine=True)
    consume(cur, NOW)
    assert places(cur) == []


def test_a_journey_sees_only_what_was_logged_after_its_publication(cur: Cursor, doctor: Person) -> None:
    reads(cur, doctor)
    published()
    consume(cur, NOW)
    assert places(cur) == []


def test_a_history_imported_late_takes_nobody_in(cur: Cursor, doctor: Person) -> None:
    published()
    reads(cur, doctor, NOW - 31 * DAY)
    consume(cur, NOW)
    assert places(cur) == []


def test_once_in_180_days_also_when_the_clock_was_moved_back(cur: Cursor, doctor: Person) -> None:
    journey = published()
    for moment in (NOW, NOW + timedelta(hours=1)):
        reads(cur, doctor, moment)
    consume(cur, NOW + timedelta(hours=1))
    cur.execute("UPDATE decide_enrolment SET state = 'done'")
    for moment in (NOW + 179 * DAY, NOW - DAY):
        reads(cur, doctor, moment)
        consume(cur, moment)
    assert numbers.numbers(cur, journey).entered == 1
    reads(cur, doctor, NOW + 181 * DAY)
    consume(cur, NOW + 181 * DAY)
    assert numbers.numbers(cur, journey).entered == 2


def test_who_is_still_on_the_way_does_not_enter_again(cur: Cursor, doctor: Person) -> None:
    published(story(trigger={"kind": "content.viewed"}))
    for moment in (NOW, NOW + DAY):
        reads(cur, doctor, moment)
        consume(cur, moment)
    assert places(cur) == [("waiting", "pause")]


def test_reading_the_log_again_takes_nobody_in_twice(cur: Cursor, doctor: Person) -> None:
    published()
    reads(cur, doctor)
    with transaction.atomic():
        consume(cur, NOW)
        transaction.set_rollback(True)
    consume(cur, NOW)
    assert places(cur) == [("waiting", "pause")]


def test_the_visit_is_the_goal_even_in_the_batch_of_the_entry(cur: Cursor, doctor: Person) -> None:
    journey = published()
    reads(cur, doctor)
    happens(cur, "visit.held", doctor, NOW + timedelta(hours=1), {"products": []})
    consume(cur, NOW + timedelta(hours=2))
    assert numbers.numbers(cur, journey).goal == 1
    assert wakes(cur, NOW + 10 * DAY) == 0


def test_the_goal_counts_after_the_last_step_and_closes_the_suggestion(cur: Cursor, doctor: Person) -> None:
    journey = published()
    reads(cur, doctor)
    consume(cur, NOW)
    for days in (2, 6):
        wakes(cur, NOW + days * DAY)
    assert places(cur) == [("done", "end")]
    happens(cur, "visit.held", doctor, NOW + 7 * DAY, {"products": []})
    consume(cur, NOW + 7 * DAY)
    assert numbers.numbers(cur, journey).goal == 1
    assert cur.execute("SELECT state FROM decide_suggestion").fetchall() == [("done",)]


def test_a_paused_journey_takes_nobody_in(cur: Cursor, doctor: Person) -> None:
    journey = published()
    store.pause(cur, journey, NOW)
    reads(cur, doctor)
    consume(cur, NOW)
    assert places(cur) == []


def test_each_person_keeps_the_version_that_she_entered(cur: Cursor, doctor: Person) -> None:
    journey, kern = published(), reader(cast.kern())
    reads(cur, doctor)
    consume(cur, NOW)
    document = story()
    document["steps"]["pause"]["wait"] = {"for": "P5D"}
    store.publish(cur, document, cast.administrator().id, NOW)
    reads(cur, kern)
    consume(cur, NOW)
    assert [each.number for each in store.versions(cur, journey)] == [1, 2]
    due = cur.execute("SELECT due_at FROM decide_timer ORDER BY due_at").fetchall()
    assert due == [(NOW + 2 * DAY,), (NOW + 5 * DAY,)]


def test_whoever_is_let_go_and_enters_again_in_one_batch_holds_up_nobody(cur: Cursor, doctor: Person) -> None:
    document = story()
    document["trigger"]["once_in_days"] = 1
    published(document)
    reads(cur, doctor)
    consume(cur, NOW)
    happens(cur, "visit.held", doctor, NOW + 2 * DAY, {"products": []})
    reads(cur, doctor, NOW + 2 * DAY)
    consume(cur, NOW + 2 * DAY)
    assert places(cur) == [("goal", "pause"), ("waiting", "pause")]
