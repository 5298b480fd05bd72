"""Long work is done once, by a process of its own, and what breaks is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core import pg
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import DAY, NOW, published, reader, reads
from einklang.planning import jobs, work
from einklang.planning.rehearsal import cast as played
from tests import cast


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


def asked(cur: Cursor, days: int = 10, **document: Any) -> UUID:
    wanted = {"document": story(**document), "days": days}
    return jobs.ask(cur, "rehearsal", now=NOW, journey=None, wanted=wanted, by=cast.administrator().id)


def test_what_is_asked_for_twice_is_done_once(cur: Cursor) -> None:
    assert asked(cur) == asked(cur) != asked(cur, days=5)
    first = jobs.begin(cur)
    assert first
    assert first.id == asked(cur)


def test_there_is_one_planner_and_another_takes_over_when_it_dies(cur: Cursor, fresh_db: str) -> None:
    job = asked(cur)
    assert jobs.is_idle(cur)
    with pg.connect(fresh_db, autocommit=True) as first:
        assert jobs.become_planner(first.cursor())
        assert not jobs.become_planner(cur)
        assert not jobs.is_idle(cur)
        jobs.begin(first.cursor())
    again = jobs.begin(cur)
    assert again
    assert again.id == job


def test_a_rehearsal_keeps_counts_and_who_was_in_it_until_both_expire(cur: Cursor, fresh_db: str) -> None:
    rep, doctor = cast.petersen(), reader()
    reads(cur, doctor, NOW - 2 * DAY)
    published()
    job = asked(cur)
    begun = jobs.begin(cur)
    assert begun
    result = work.do(cur, fresh_db, begun, NOW, lambda percent: None)
    jobs.finish(cur, job, result, NOW)
    assert result["kinds"] == {"sent": 1, "suggested": 1}
    assert result["steps"] == {"mail": {"sent": 1}, "visit": {"suggested": 1}}
    assert result["reps"] == {str(rep.id): {"2026-11-30": 1}}
    assert [(line.person, line.what) for line in played.read(cur, job)] == [
        (doctor.id, "sent"),
        (doctor.id, "suggested"),
    ]
    jobs.expire(cur, NOW + jobs.KEPT + timedelta(seconds=1))
    assert (jobs.get(cur, job), played.read(cur, job)) == (None, [])
