"""A pause with many messages: they follow in pieces, and none leaves meanwhile."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.decide.journeys import pausing, store
from einklang.loop.decide.tests.parts import NOW, SATURDAY, consume, published, reader, reads, wakes
from einklang.loop.gate import notes, tasks
from tests import cast

MONDAY = SATURDAY + timedelta(days=2, hours=4)  # outside the quiet hours


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


@pytest.fixture
def journey(cur: Cursor) -> UUID:
    """Three mails are planned: a physician reads, a second one, and a third."""
    journey = published()
    for person in (cast.albrecht(), cast.kern(), cast.lorenz()):
        reads(cur, reader(person))
    consume(cur, NOW)
    wakes(cur, SATURDAY)
    return journey


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """One message each, and none at once: as if a million waited."""
    advance = pausing.advance
    monkeypatch.setattr(pausing, "advance", lambda cur, now, journey=None, limit=1: advance(cur, now, limit=1))


def states(cur: Cursor) -> list[str]:
    rows = cur.execute("SELECT state FROM gate_message WHERE journey IS NOT NULL ORDER BY state").fetchall()
    return [state for (state,) in rows]


def sends(cur: Cursor) -> int:
    adapter = FakeAdapter()
    while tasks.dispatch(MONDAY, {"email": adapter}):
        pass
    return len(adapter.sent)


def test_messages_follow_a_pause_and_its_end_piece_by_piece(cur: Cursor, journey: UUID, pieces: None) -> None:
    store.pause(cur, journey, SATURDAY)
    assert states(cur) == ["held", "planned", "planned"]
    while pausing.advance(cur, SATURDAY):
        pass
    assert states(cur) == ["held"] * 3
    store.resume(cur, journey, SATURDAY)
    assert states(cur) == ["held", "held", "planned"]
    while pausing.advance(cur, SATURDAY):
        pass
    assert states(cur) == ["planned"] * 3


def test_a_piece_that_is_lost_in_a_crash_is_done_by_the_next_worker(cur: Cursor, journey: UUID, pieces: None) -> None:
    store.pause(cur, journey, SATURDAY)
    with transaction.atomic():
        pausing.advance(cursor(), SATURDAY)
        transaction.set_rollback(True)
    assert states(cur) == ["held", "planned", "planned"]
    while pausing.advance(cur, SATURDAY):
        pass
    assert states(cur) == ["held"] * 3


def test_what_is_not_held_yet_does_not_leave_and_is_held_by_dispatch(cur: Cursor, journey: UUID, pieces: None) -> None:
    store.pause(cur, journey, SATURDAY)
    assert sends(cur) == 0
    assert states(cur) == ["held"] * 3
    store.resume(cur, journey, SATURDAY)
    while pausing.advance(cur, SATURDAY):
        pass
    assert sends(cur) == 3


def test_what_people_hold_by_hand_stays_held_when_the_journey_goes_on(cur: Cursor, journey: UUID) -> None:
    cur.execute(
        "UPDATE gate_message SET state = 'held', detail = %s WHERE recipient = %s", (notes.BY_HAND, cast.kern().id)
    )
    store.pause(cur, journey, SATURDAY)
    store.resume(cur, journey, SATURDAY)
    assert states(cur) == ["held", "planned", "planned"]


def test_paused_again_while_its_messages_are_still_released_all_are_held(
    cur: Cursor, journey: UUID, pieces: None
) -> None:
    store.pause(cur, journey, SATURDAY)
    store.resume(cur, journey, SATURDAY)
    store.pause(cur, journey, SATURDAY)
    while pausing.advance(cur, SATURDAY):
        pass
    assert states(cur) == ["held"] * 3
    assert sends(cur) == 0


def test_a_journey_stopped_while_it_settles_sends_nothing_more(cur: Cursor, journey: UUID, pieces: None) -> None:
    store.pause(cur, journey, SATURDAY)
    store.stop(cur, journey, SATURDAY)
    assert states(cur) == ["withheld"] * 3
    assert pausing.advance(cur, SATURDAY) == 0
    assert cur.execute("SELECT count(*) FROM gate_stay").fetchone() == (0,)
