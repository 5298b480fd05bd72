from __future__ import annotations

import logging
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction

from einklang import flow
from einklang.core.connection import cursor
from einklang.core.errors import Conflict
from einklang.core.pg import connect
from einklang.facts.people.errors import LockError
from einklang.loop.interactions import lanes
from einklang.project import chores
from einklang.project.stations import Outage, Station

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.django_db
def test_a_chore_is_done_once_in_its_time_by_whoever_comes_first() -> None:
    cur = cursor()
    assert chores.claim(cur, "house", HOUR, NOW)
    assert not chores.claim(cur, "house", HOUR, NOW + timedelta(minutes=59))
    assert chores.claim(cur, "pulse", HOUR, NOW)
    assert chores.claim(cur, "house", HOUR, NOW + HOUR)


def test_two_workers_at_once_do_a_chore_once(fresh_db: str) -> None:
    with connect(fresh_db) as one, connect(fresh_db) as other:
        chores.claim(one.cursor(), "house", HOUR, NOW)
        one.commit()
        assert chores.claim(one.cursor(), "house", HOUR, NOW + HOUR)
        assert not chores.claim(other.cursor(), "house", HOUR, NOW + HOUR)
        one.commit()


def fails(problem: Exception) -> Callable[[], int]:
    def act() -> int:
        raise problem

    return act


def test_a_station_that_fails_rests_and_says_so(fresh_db: str, caplog: pytest.LogCaptureFixture) -> None:
    cursor().execute("SELECT 1")
    tries: list[int] = []

    def act() -> int:
        tries.append(1)
        raise Conflict("a letter without a name")

    station = Station("outbox", act)
    with caplog.at_level(logging.ERROR, "einklang.worker"):
        assert [station.run(), station.run()] == [0, 0]
    assert len(tries) == 1
    assert "outbox failed" in caplog.text


def broken() -> int:
    with transaction.atomic():
        cursor().execute("SELECT 1 / 0")
    return 1


def test_a_batch_that_the_database_refuses_is_no_outage(fresh_db: str) -> None:
    assert Station("profiles", broken).run() == 0
    assert Station("timers", lambda: 3).run() == 3


def test_whoever_was_in_the_way_is_tried_again_at_once() -> None:
    station = Station("journeys", fails(LockError("somebody is erased")))
    assert [station.run(), station.run()] == [1, 1]


def test_a_database_that_went_away_is_an_outage(fresh_db: str) -> None:
    def act() -> int:
        with connect(fresh_db, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (cursor().connection.info.backend_pid,))
        cursor().execute("SELECT 1")
        return 1

    with pytest.raises(Outage) as lost:
        Station("profiles", act).run()
    assert isinstance(lost.value.__cause__, psycopg.OperationalError)
    connection.close()


def test_there_are_no_fewer_ranges_than_workers(fresh_db: str) -> None:
    for workers, ranges in ((1, 1), (4, 4), (2, 4)):
        flow.make_room(workers)
        assert {len(lanes.ranges(cursor(), each.name)) for each in flow.CONSUMERS} == {ranges}


def test_a_worker_that_sleeps_ends_at_once_when_it_is_asked(fresh_db: str, child_env: dict[str, str]) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "einklang.project.worker", "2"], env=child_env)
    with connect(fresh_db, autocommit=True) as db:
        asleep = "SELECT count(*) = 2 FROM interactions_checkpoint WHERE consumer = 'journeys'"
        while db.execute(asleep).fetchone() != (True,):
            assert worker.poll() is None
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
