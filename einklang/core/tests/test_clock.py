from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from einklang.core import clock, pg
from einklang.core.connection import cursor
from einklang.core.errors import SettingsError

NOVEMBER = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)


@pytest.mark.django_db
def test_without_an_offset_the_clock_tells_the_real_time() -> None:
    assert clock.now() - clock.real_now() < A_SECOND
    assert clock.now().tzinfo is UTC


@pytest.mark.django_db
@pytest.mark.usefixtures("demo")
def test_a_demo_sets_its_clock_and_moves_it_on() -> None:
    clock.set_to(cursor(), NOVEMBER)
    clock.advance(cursor(), timedelta(days=2))
    assert abs(clock.now() - NOVEMBER - timedelta(days=2)) < A_SECOND


@pytest.mark.django_db
def test_outside_a_demo_the_clock_cannot_be_moved() -> None:
    with pytest.raises(SettingsError, match="Only a demo"):
        clock.advance(cursor(), timedelta(days=1))
    with pytest.raises(SettingsError, match="Only a demo"):
        clock.set_to(cursor(), NOVEMBER)


@pytest.mark.django_db
def test_outside_a_demo_a_moved_clock_is_refused_by_its_reader() -> None:
    cursor().execute("INSERT INTO core_clock (offset_us) VALUES (1)")
    with pytest.raises(SettingsError, match="was moved"):
        clock.now()


@pytest.mark.usefixtures("demo")
def test_a_moved_clock_is_seen_and_announced_across_connections(fresh_db: str) -> None:
    with pg.connect(fresh_db, autocommit=True) as other:
        other.execute("LISTEN clock")
        clock.set_to(cursor(), NOVEMBER)
        assert abs(clock.now(other.cursor()) - NOVEMBER) < A_SECOND
        assert [note.channel for note in other.notifies(timeout=5, stop_after=1)] == ["clock"]
