"""Long work is done once, by a process of its own, and what breaks is told."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core import pg
from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import store
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
    first = jobs.begin(cur, NOW)
    assert first
    assert first.id == asked(cur)


def test_there_is_one_planner_and_another_takes_over_when_it_dies(cur: Cursor, fresh_db: str) -> None:
    job = asked(cur)
    assert jobs.is_idle(cur)
    with pg.connect(fresh_db, autocommit=True) as first:
        assert jobs.become_planner(first.cursor())
        assert not jobs.become_planner(cur)
        assert not jobs.is_idle(cur)
        jobs.begin(first.cursor(), NOW)
    again = jobs.begin(cur, NOW)
    assert again
    assert again.id == job


def test_a_job_that_takes_down_its_planner_is_given_up_after_three_times(cur: Cursor) -> None:
    job = asked(cur)
    assert [bool(jobs.begin(cur, NOW)) for _ in range(4)] == [True, True, True, False]
    known = jobs.get(cur, job)
    assert known
    assert (known.state, known.said.en[:20]) == ("failed", "The run broke off th")


@pytest.mark.slow
def test_the_planner_does_what_waits_and_ends(cur: Cursor, fresh_db: str) -> None:
    """As the worker starts it; the second job is one that nobody can do."""
    reads(cur, reader(), NOW - 2 * DAY)
    journey = published(story(holdout_percent=50))
    version = store.versions(cur, journey)[-1].id
    results = jobs.ask(cur, "results", now=NOW, journey=journey, wanted={"version": str(version)}, by=None)
    nobody = asked(cur, trigger={"kind": "visit.held"})
    own = {"EINKLANG_DATABASE_URL": fresh_db, "DJANGO_SETTINGS_MODULE": "einklang.project.settings"}
    subprocess.run(
        [sys.executable, "-m", "einklang.project.planner"], env={**os.environ, **own}, check=True, timeout=300
    )
    done, failed = jobs.get(cur, results), jobs.get(cur, nobody)
    assert done
    assert failed
    assert (done.state, failed.state) == ("done", "failed")
    assert done.result
    assert [each["step"] for each in done.result["experiments"]] == ["holdout"]
    assert "Nobody met the trigger" in failed.said.en


def test_a_rehearsal_keeps_counts_and_who_was_in_it_until_both_expire(cur: Cursor, fresh_db: str) -> None:
    rep, doctor = cast.petersen(), reader()
    reads(cur, doctor, NOW - 2 * DAY)
    published()
    job = asked(cur)
    begun = jobs.begin(cur, NOW)
    assert begun
    done = work.do(cur, fresh_db, begun, NOW, lambda percent: None)
    work.keep(cur, begun, done, NOW)
    result = done.result
    assert result["kinds"] == {"sent": 1, "suggested": 1}
    assert result["steps"] == {"mail": {"sent": 1}, "visit": {"suggested": 1}}
    assert result["reps"] == {str(rep.id): {"2026-11-30": 1}}
    assert [(line.person, line.what) for line in played.read(cur, job)] == [
        (doctor.id, "sent"),
        (doctor.id, "suggested"),
    ]
    jobs.expire(cur, NOW + jobs.KEPT + timedelta(seconds=1))
    assert (jobs.get(cur, job), played.read(cur, job)) == (None, [])
