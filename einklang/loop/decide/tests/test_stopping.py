from __future__ import annotations

from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.errors import Conflict
from einklang.core.ids import new
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import stopping, store, wake
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import DAY, NOW, SATURDAY, consume, places, published, reader, reads, wakes
from tests import cast


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


@pytest.fixture
def journey(cur: Cursor) -> UUID:
    """Three people are underway."""
    journey = published()
    for person in three():
        reads(cur, reader(person))
    consume(cur, NOW)
    return journey


def three() -> list[Person]:
    return [cast.albrecht(), cast.kern(), cast.lorenz()]


def begin(cur: Cursor, journey: UUID) -> None:
    """As if more people were underway than one piece takes."""
    cur.execute("UPDATE decide_journey SET state = 'stopping', switched_at = %s WHERE id = %s", (NOW, journey))


def state(cur: Cursor) -> str:
    return store.listing(cur)[0].state


def test_a_small_journey_is_stopped_at_once_with_who_and_why(cur: Cursor, journey: UUID) -> None:
    boss = cast.administrator().id
    store.stop(cur, journey, NOW, boss, "Die Zulassung ruht.")
    (row,) = store.listing(cur)
    assert (row.state, row.switched_at, row.switched_by, row.reason) == ("stopped", NOW, boss, "Die Zulassung ruht.")
    assert {state for state, _ in places(cur)} == {"exited"}


def test_a_large_journey_ends_piece_by_piece(cur: Cursor, journey: UUID) -> None:
    begin(cur, journey)
    left = []
    while stopping.advance(cur, NOW, limit=2):
        left.append((sum(state == "waiting" for state, _ in places(cur)), state(cur)))
    assert left == [(1, "stopping"), (0, "stopped")]


def test_what_waits_to_be_sent_goes_before_anybody_leaves(cur: Cursor, journey: UUID) -> None:
    wakes(cur, SATURDAY)
    begin(cur, journey)
    seen = []
    while stopping.advance(cur, SATURDAY, limit=1):
        planned = cur.execute("SELECT count(*) FROM gate_message WHERE state = 'planned'").fetchone()
        seen.append((planned[0] if planned else 0, sum(state == "waiting" for state, _ in places(cur))))
    assert seen == [(2, 3), (1, 3), (0, 3), (0, 2), (0, 1), (0, 0), (0, 0)]


def test_nobody_enters_or_is_woken_while_a_journey_ends(cur: Cursor, journey: UUID) -> None:
    begin(cur, journey)
    assert store.running(cur) == []
    assert wake.advance(cur, SATURDAY) == 0


def test_a_journey_that_is_being_stopped_is_not_published_anew(cur: Cursor, journey: UUID) -> None:
    begin(cur, journey)
    with pytest.raises(Conflict):
        store.publish(cur, story(title={"de": "Neu", "en": "New"}), cast.administrator().id, NOW)


def test_before_a_stop_one_knows_whom_it_concerns(cur: Cursor, journey: UUID) -> None:
    assert store.outlook(cur, journey) == store.Outlook(people=3, messages=0, suggestions=0)
    wakes(cur, SATURDAY)
    wakes(cur, SATURDAY + 4 * DAY)
    outlook = store.outlook(cur, journey)
    assert outlook.suggestions == 3
    assert outlook.people == 0


def test_another_journey_goes_on(cur: Cursor, journey: UUID) -> None:
    other = published(story(key="zweite"))
    store.stop(cur, journey, NOW, None, "")
    assert [row.state for row in store.listing(cur) if row.id == other] == ["active"]
    assert stopping.advance(cur, NOW, journey=new()) == 0
