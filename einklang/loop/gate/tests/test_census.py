"""Few messages are counted at once; many by a worker now and then, and what still moves at once all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.loop.gate import browse, census, door, notes
from einklang.loop.gate.tests.mails import NOON, several

pytestmark = pytest.mark.django_db
MIDNIGHT = NOON.replace(hour=0) - timedelta(hours=1)  # in Berlin
TODAY = NOON.date()


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(census, "FEW", 3)


def withhold(number: int) -> None:
    waiting = [each.id for each in browse.listing(cursor(), state="planned", limit=number)]
    door.withhold(cursor(), waiting, notes.BY_HAND, NOON)


def test_few_are_counted_at_once_and_nothing_is_kept_of_it() -> None:
    several(3)
    withhold(1)
    assert not census.count(cursor(), NOON)
    assert census.look(cursor()) == ({"planned": 2, "withheld": 1}, None)
    assert census.by_day(cursor(), MIDNIGHT) == {(TODAY, "planned"): 2, (TODAY, "withheld"): 1}


def test_of_many_what_is_over_is_as_it_was_counted_and_what_moves_as_it_is(many: None) -> None:
    several(6)
    withhold(3)
    began = clock.real_now()
    assert census.count(cursor(), NOON)
    withhold(1)
    seen = census.look(cursor())
    assert seen.states == {"planned": 2, "withheld": 3}
    assert seen.at is not None
    assert began <= seen.at <= clock.real_now()
    assert census.by_day(cursor(), MIDNIGHT) == {(TODAY, "planned"): 3, (TODAY, "withheld"): 3}
    assert census.by_day(cursor(), MIDNIGHT + timedelta(days=1)) == {}


def test_of_many_that_wait_the_last_count_says_how_many(many: None) -> None:
    several(6)
    census.count(cursor(), NOON)
    withhold(1)
    assert census.look(cursor()).states == {"planned": 6}


def test_until_a_worker_has_counted_whoever_asks_does(many: None) -> None:
    several(5)
    assert census.look(cursor()) == ({"planned": 5}, None)


def test_a_count_that_took_long_is_not_made_again_at_once(many: None) -> None:
    several(5)
    assert census.count(cursor(), NOON)
    cursor().execute("UPDATE gate_census SET seconds = 10")
    assert not census.count(cursor(), NOON)
    cursor().execute("UPDATE gate_census SET at = at - interval '11 minutes'")
    assert census.count(cursor(), NOON)


def test_days_of_long_ago_are_in_the_sum_alone(many: None) -> None:
    several(5)
    census.count(cursor(), NOON + census.DAYS + timedelta(days=1))
    assert census.by_day(cursor(), MIDNIGHT) == {}
    assert census.look(cursor()).total == 5


def test_all_are_counted_from_an_index_alone() -> None:
    cur = cursor()
    cur.execute("SET LOCAL enable_seqscan = off")
    cur.execute("SET LOCAL enable_bitmapscan = off")
    plan = "\n".join(line for (line,) in cur.execute(f"EXPLAIN {census.ALL}"))
    assert "Index Only Scan using gate_message_listed" in plan


def test_a_list_is_counted_as_far_as_somebody_wants_to_know() -> None:
    several(5)
    assert browse.total(cursor(), most=3, state="planned") == 3
    assert browse.total(cursor(), most=10, state="planned") == 5
    assert browse.total(cursor(), most=10, state="sent") == 0
