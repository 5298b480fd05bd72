from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.ids import new
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide import next_best, replies, tastes
from einklang.loop.decide.journeys import store
from einklang.loop.decide.next_best import Step
from einklang.loop.decide.tests.parts import DAY, NOW, consume, happens, published, reader, reads, wakes
from tests import cast

MONDAY = NOW + 6 * DAY


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


@pytest.fixture
def doctor(cur: Cursor) -> Person:
    """The journey suggests to visit her."""
    person = reader()
    published()
    reads(cur, person)
    consume(cur, NOW)
    wakes(cur, NOW + 2 * DAY)
    wakes(cur, MONDAY)
    return person


def steps(cur: Cursor, person: Person, days: int = 0) -> tuple[Step, ...]:
    found = next_best.for_person(cur, cast.petersen().id, [person.id], MONDAY + days * DAY, grades={person.id: "title"})
    return found[person.id].steps


def test_an_accepted_step_stays_and_says_so(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    assert not step.accepted
    replies.accept(cur, doctor.id, step.key, cast.petersen().id, MONDAY)
    assert [each.accepted for each in steps(cur, doctor)] == [True]


def test_later_hides_a_step_until_the_day(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    replies.later(cur, doctor.id, step.key, cast.petersen().id, MONDAY, until=MONDAY + 7 * DAY)
    assert steps(cur, doctor, days=6) == ()
    assert [each.key for each in steps(cur, doctor, days=7)] == [step.key]


def test_a_dismissed_suggestion_stays_away_until_the_answer_is_taken_back(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    rep = cast.petersen().id
    reply = replies.dismiss(cur, doctor.id, step.key, rep, MONDAY, reason="already_discussed")
    assert steps(cur, doctor) == steps(cur, doctor, days=90) == ()
    for _ in range(2):
        replies.undo(cur, reply, rep, MONDAY)
    assert [each.key for each in steps(cur, doctor)] == [step.key]


def test_taking_back_brings_the_answer_before(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    rep = cast.petersen().id
    replies.accept(cur, doctor.id, step.key, rep, MONDAY)
    second = replies.dismiss(cur, doctor.id, step.key, rep, MONDAY + timedelta(minutes=1), reason="other")
    replies.undo(cur, second, rep, MONDAY)
    assert [each.accepted for each in steps(cur, doctor)] == [True]


def test_an_answer_pressed_twice_is_given_once(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    rep = cast.petersen().id
    first = replies.accept(cur, doctor.id, step.key, rep, MONDAY)
    assert replies.accept(cur, doctor.id, step.key, rep, MONDAY) == first


def test_a_plain_visit_comes_back_with_news_or_after_thirty_days(cur: Cursor) -> None:
    doctor = reader()
    (step,) = steps(cur, doctor)
    replies.dismiss(cur, doctor.id, step.key, cast.petersen().id, MONDAY, reason="not_now")
    assert steps(cur, doctor, days=29) == ()
    assert [each.key for each in steps(cur, doctor, days=30)] == [replies.VISIT]
    reads(cur, doctor, at=MONDAY + DAY)
    assert [each.key for each in steps(cur, doctor, days=2)] == [replies.VISIT]


def test_nobody_takes_back_the_answer_of_somebody_else(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    reply = replies.accept(cur, doctor.id, step.key, cast.petersen().id, MONDAY)
    with pytest.raises(NotFound):
        replies.undo(cur, reply, cast.adler().id, MONDAY)


def test_a_suggestion_that_a_visit_closed_takes_no_answer(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    happens(cur, "visit.held", doctor, MONDAY, {"products": []})
    consume(cur, MONDAY)
    with pytest.raises(Conflict):
        replies.accept(cur, doctor.id, step.key, cast.petersen().id, MONDAY)


def test_what_is_not_there_takes_no_answer(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    rep = cast.petersen().id
    for person, key in ((cast.kern().id, step.key), (doctor.id, str(new())), (doctor.id, "tango")):
        with pytest.raises(NotFound):
            replies.accept(cur, person, key, rep, MONDAY)


@pytest.mark.parametrize("days", [0, 181])
def test_later_is_within_180_days(cur: Cursor, days: int) -> None:
    with pytest.raises(InputError, match="until"):
        replies.later(cur, reader().id, replies.VISIT, cast.petersen().id, NOW, until=NOW + days * DAY)


def test_a_reason_is_one_of_the_list(cur: Cursor) -> None:
    with pytest.raises(InputError, match="reason"):
        replies.dismiss(cur, reader().id, replies.VISIT, cast.petersen().id, NOW, reason="because")


def test_a_paused_journey_suggests_nothing(cur: Cursor, doctor: Person) -> None:
    (step,) = steps(cur, doctor)
    store.pause(cur, store.listing(cur)[0].id, MONDAY)
    assert step.key not in [each.key for each in steps(cur, doctor)]


def test_what_she_hid_is_no_reason_to_visit_her(cur: Cursor) -> None:
    doctor = reader()
    cast.article("about-the-heart", valid_from=NOW)
    reads(cur, doctor, slug="seen")
    consume(cur, NOW)
    told = " ".join(reason.text.de for reason in steps(cur, doctor)[0].reasons)
    assert "Noch nicht gelesen" in told
    tastes.say(cur, doctor.id, "hide", "about-the-heart", NOW)
    (step,) = steps(cur, doctor)
    assert "Noch nicht gelesen" not in " ".join(reason.text.de for reason in step.reasons)
