from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from einklang.core import pg
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import numbers, store, wake
from einklang.loop.decide.tests.documents import with_steps
from einklang.loop.decide.tests.parts import (
    DAY,
    NOW,
    SATURDAY,
    consume,
    happens,
    messages,
    places,
    published,
    reader,
    reads,
    wakes,
)
from einklang.loop.gate import door
from einklang.loop.interactions import log
from tests import cast

NINE = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)  # Saturday, 09:00 in Berlin


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


def entered(cur: Cursor, *allowed: Person) -> Any:
    """The journey, which all of them have just entered."""
    journey = published()
    for person in allowed or (reader(),):
        reads(cur, person)
    consume(cur, NOW)
    return journey


def test_nobody_is_woken_before_the_time(cur: Cursor) -> None:
    entered(cur)
    assert wakes(cur, SATURDAY - timedelta(seconds=1)) == 0
    assert messages(cur) == []


def test_the_worker_knows_how_long_it_may_sleep(cur: Cursor) -> None:
    assert wake.next_due(cur) is None
    journey = entered(cur)
    assert wake.next_due(cur) == SATURDAY
    store.pause(cur, journey, NOW)
    assert wake.next_due(cur) is None


def test_the_mail_is_planned_for_the_end_of_the_quiet_hours_and_the_wait_begins_then(cur: Cursor) -> None:
    entered(cur)
    assert wakes(cur, SATURDAY) == 1
    assert messages(cur) == [("planned", NINE)]
    assert places(cur) == [("waiting", "listen")]
    assert cur.execute("SELECT due_at FROM decide_timer").fetchall() == [(NINE + 3 * DAY,)]


def test_a_clock_moved_back_wakes_nobody_a_second_time(cur: Cursor) -> None:
    entered(cur)
    wakes(cur, SATURDAY)
    for moment in (NOW, SATURDAY, NINE):
        assert wakes(cur, moment) == 0
    assert len(messages(cur)) == 1


def test_without_consent_the_mail_is_withheld_and_the_way_goes_on(cur: Cursor) -> None:
    doctor = reader()
    cast.withdraw(doctor, "email")
    entered(cur, doctor)
    wakes(cur, SATURDAY)
    assert [state for state, _ in messages(cur)] == ["withheld"]
    wakes(cur, SATURDAY + 3 * DAY)
    assert places(cur) == [("done", "end")]
    assert cur.execute("SELECT kind, person_id FROM decide_suggestion").fetchall() == [("visit", doctor.id)]


def test_the_click_brings_the_suggestion_at_once_and_the_log_tells_it(cur: Cursor) -> None:
    doctor = reader()
    entered(cur, doctor)
    wakes(cur, SATURDAY)
    sunday = NINE + DAY
    row = cur.execute("SELECT id FROM gate_message").fetchone()
    assert row is not None
    happens(
        cur, "email.clicked", doctor, sunday, {"link": "Zur Studie", "content_slug": "velunor-studie"}, message=row[0]
    )
    consume(cur, sunday)
    assert wakes(cur, sunday) == 1
    (made,) = log.person_history(cur, [doctor.id], kinds=["suggestion.made"], limit=9)
    assert made.channel == "system"


def test_a_click_after_the_three_days_changes_nothing(cur: Cursor) -> None:
    doctor = reader()
    entered(cur, doctor)
    wakes(cur, SATURDAY)
    late = NINE + 3 * DAY + timedelta(minutes=1)
    reads(cur, doctor, late, slug="velunor-studie")
    consume(cur, late)
    wakes(cur, late)
    outcomes = cur.execute("SELECT outcome FROM decide_step_log WHERE step = 'listen'").fetchall()
    assert outcomes == [("timeout",)]


def test_content_that_is_no_longer_approved_is_not_sent_and_the_way_goes_on(cur: Cursor) -> None:
    entered(cur)
    cur.execute("UPDATE content_contentversion SET state = 'withdrawn' WHERE kind = 'mail'")
    wakes(cur, SATURDAY)
    assert messages(cur) == []
    assert places(cur) == [("waiting", "listen")]


def test_a_branch_sees_the_answer_of_the_gate(cur: Cursor) -> None:
    withheld = {"outcome": {"of": "mail", "is": "withheld"}}
    branch = {"branch": {"if": withheld}, "then": "visit", "else": "listen"}
    document = with_steps(branch=branch)
    document["steps"]["mail"]["next"] = "branch"
    published(document)
    allowed, refused = reader(), reader(cast.kern())
    cast.withdraw(refused, "email")
    reads(cur, allowed)
    reads(cur, refused, NOW + timedelta(minutes=1))
    consume(cur, NOW + timedelta(minutes=1))
    wakes(cur, SATURDAY + timedelta(minutes=1))
    assert places(cur) == [("waiting", "listen"), ("done", "end")]


def test_two_workers_share_the_people_and_nobody_gets_two_messages(cur: Cursor, fresh_db: str) -> None:
    entered(cur, *(reader(person) for person in cast.everybody()))
    woken: list[int] = []
    start = threading.Barrier(2)

    def work() -> None:
        with pg.connect(fresh_db) as connection:
            start.wait()
            for _ in range(5):
                woken.append(wake.advance(connection.cursor(), SATURDAY, limit=2))
                connection.commit()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(woken) == 4
    persons = cur.execute("SELECT recipient FROM gate_message").fetchall()
    assert len(persons) == len(set(persons)) == 4


def test_what_is_not_committed_is_done_again_once(cur: Cursor) -> None:
    entered(cur)
    with transaction.atomic():
        wakes(cur, SATURDAY)
        transaction.set_rollback(True)
    wakes(cur, SATURDAY)
    assert len(messages(cur)) == 1


def test_a_pause_stops_the_waking_and_holds_what_waits_until_it_goes_on(cur: Cursor) -> None:
    journey = entered(cur, reader(), reader(cast.kern()))
    assert wake.advance(cur, SATURDAY, limit=1) == 1
    store.pause(cur, journey, SATURDAY)
    assert [state for state, _ in messages(cur)] == ["held"]
    assert wakes(cur, SATURDAY + DAY) == 0
    store.resume(cur, journey, SATURDAY + DAY)
    assert wakes(cur, SATURDAY + DAY) == 1
    assert [state for state, _ in messages(cur)] == ["planned", "planned"]


def test_resuming_does_not_release_what_somebody_held_before(cur: Cursor) -> None:
    journey = entered(cur)
    wakes(cur, SATURDAY)
    ((held,),) = cur.execute("SELECT id FROM gate_message").fetchall()
    assert door.hold(cur, [held], "Rückfrage", SATURDAY) == {held}
    store.pause(cur, journey, SATURDAY)
    store.resume(cur, journey, SATURDAY)
    assert [state for state, _ in messages(cur)] == ["held"]


def test_a_stop_lets_everybody_out_and_withholds_what_waits(cur: Cursor) -> None:
    journey = entered(cur, reader(), reader(cast.kern()))
    wake.advance(cur, SATURDAY, limit=1)
    store.stop(cur, journey, SATURDAY)
    assert [state for state, _ in messages(cur)] == ["withheld"]
    assert wakes(cur, SATURDAY + 9 * DAY) == 0
    assert numbers.numbers(cur, journey).exited == 2


def test_the_numbers_tell_what_became_of_whom(cur: Cursor) -> None:
    journey = entered(cur, reader(), reader(cast.kern()))
    wake.advance(cur, SATURDAY, limit=1)
    found = numbers.numbers(cur, journey)
    assert (found.entered, found.waiting) == (2, 2)
    told = {each.step: (each.kind, each.standing, each.outcomes) for each in found.steps}
    assert told == {
        "pause": ("wait", 1, {"waited": 1}),
        "mail": ("message", 0, {"planned": 1}),
        "listen": ("wait_for", 1, {}),
        "visit": ("suggest", 0, {}),
    }


def test_waking_more_people_takes_no_more_queries(cur: Cursor) -> None:
    entered(cur, *(reader(person) for person in cast.everybody()))
    counts = []
    for limit in (1, 1, 2):  # the first one loads the rule packs
        queries = Counting(cursor().connection)
        pg.adapt_json(queries)
        wake.advance(queries, SATURDAY, limit=limit)
        counts.append(queries.count)
    assert counts[1] == counts[2] < 25


class Counting(Cursor):
    count = 0

    def execute(self, *args: Any, **more: Any) -> Any:
        self.count += 1
        return super().execute(*args, **more)


def test_a_way_that_ends_where_she_answers_is_over_and_she_may_enter_again(cur: Cursor) -> None:
    answer = {"kinds": ["email.clicked", "content.viewed"], "where": {"linked_by": "mail"}, "at_most": "P3D"}
    entered_once = with_steps(listen={"wait_for": answer, "then": "end", "else": "visit"})
    doctor = reader()
    published(entered_once)
    reads(cur, doctor)
    consume(cur, NOW)
    wakes(cur, NINE)
    happens(cur, "content.viewed", doctor, NINE, {"content_slug": "velunor-studie", "topics": []})
    consume(cur, NINE)
    assert places(cur) == [("done", "end")]
    again = NOW + 181 * DAY
    reads(cur, doctor, again)
    consume(cur, again)
    assert places(cur) == [("done", "end"), ("waiting", "pause")]
