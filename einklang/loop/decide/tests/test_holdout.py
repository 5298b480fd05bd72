"""Who is held out, who comes in again, and which goals count: in the database, as the loop does it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import chance, holdout, numbers
from einklang.loop.decide.journeys.document import parse
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import (
    DAY,
    NOW,
    SATURDAY,
    consume,
    happens,
    places,
    published,
    reader,
    reads,
    wakes,
)
from tests import cast

VISIT = {"products": ["velunor"]}


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


def goals(cur: Cursor) -> list[tuple[str, Any]]:
    return cur.execute("SELECT name, at FROM decide_goal ORDER BY at, name").fetchall()


def test_who_is_held_out_comes_in_gets_nothing_and_her_goal_counts(cur: Cursor) -> None:
    document = story(holdout_percent=90)
    journey, doctors = published(document), [reader(person) for person in cast.everybody()]
    held = [each for each in doctors if chance.arm(each.id, parse(document), 0)]
    for doctor in doctors:
        reads(cur, doctor)
    consume(cur, NOW)
    wakes(cur, SATURDAY)
    arms = cur.execute("SELECT person_id FROM decide_enrolment WHERE arm = 'holdout'").fetchall()
    assert {person for (person,) in arms} == {each.id for each in held} != set()
    assert cur.execute("SELECT count(*) FROM gate_message").fetchone() == (len(doctors) - len(held),)
    assert numbers.numbers(cur, journey).entered == len(doctors) - len(held)
    happens(cur, "visit.held", held[0], SATURDAY, VISIT)
    consume(cur, SATURDAY)
    assert goals(cur) == [("goal", SATURDAY)]


def test_the_hold_out_of_the_house_is_set_kept_and_taken_into_account(cur: Cursor) -> None:
    user = cast.administrator().id
    assert holdout.change(cur, 50, user, NOW) == 0
    assert holdout.change(cur, 50, user, NOW) == 50
    assert cur.execute("SELECT count(*) FROM decide_holdout").fetchone() == (1,)
    document = story()
    published(document)
    doctors = [reader(person) for person in cast.everybody()]
    for doctor in doctors:
        reads(cur, doctor)
    consume(cur, NOW)
    drawn = {each.id: chance.arm(each.id, parse(document), 50) for each in doctors}
    assert dict(cur.execute("SELECT person_id, arm FROM decide_enrolment").fetchall()) == drawn


def test_the_hold_out_of_the_house_has_a_limit(cur: Cursor) -> None:
    with pytest.raises(InputError, match="0 bis 50"):
        holdout.change(cur, 51, cast.administrator().id, NOW)


def test_further_goals_are_counted_and_end_nothing(cur: Cursor) -> None:
    further = [{"name": "gelesen", "kind": "content.viewed", "within_days": 10}]
    published(story(goals=further))
    doctor = reader()
    reads(cur, doctor)
    consume(cur, NOW)
    for days in (1, 3, 11):
        reads(cur, doctor, NOW + days * DAY)
    consume(cur, NOW + 11 * DAY)
    assert goals(cur) == [("gelesen", NOW + DAY)]
    assert places(cur)[0][0] == "waiting"


def test_a_goal_counts_after_another_one_ended_the_journey_and_after_an_exit(cur: Cursor) -> None:
    further = [{"name": "gelesen", "kind": "content.viewed", "within_days": 10}]
    published(story(goals=further, exit=[{"kind": "email.clicked"}]))
    doctor, other = reader(), reader(cast.kern())
    for each in (doctor, other):
        reads(cur, each)
    consume(cur, NOW)
    happens(cur, "visit.held", doctor, NOW + DAY, VISIT)
    happens(cur, "email.clicked", other, NOW + DAY, {"link": "x"})
    consume(cur, NOW + DAY)
    reads(cur, doctor, NOW + 2 * DAY)
    happens(cur, "visit.held", other, NOW + 3 * DAY, VISIT)
    consume(cur, NOW + 3 * DAY)
    assert [name for name, _ in goals(cur)] == ["goal", "gelesen", "goal"]


@pytest.mark.parametrize(
    ("rule", "days", "times"),
    [("never", (40, 80), 1), ("always", (40, 80), 3), ({"after_days": 50}, (40, 80), 2), ({"at_most": 2}, (40, 80), 2)],
)
def test_who_comes_in_again(cur: Cursor, rule: Any, days: tuple[int, ...], times: int) -> None:
    document = story(reentry=rule)
    del document["trigger"]["once_in_days"]
    published(document)
    doctor = reader()
    for moment in (NOW, *(NOW + timedelta(days=each) for each in days)):
        reads(cur, doctor, moment)
        consume(cur, moment)
        cur.execute("UPDATE decide_enrolment SET state = 'done'")
    assert len(places(cur)) == times
