"""A worker killed anywhere between claim and commit: the next one does the work, once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import datetime

import pytest

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.loop.decide.tests.dies import POINTS
from einklang.loop.decide.tests.parts import NOW, SATURDAY, consume, messages, places, published, reader, reads, wakes

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 20  # until the server has noticed that its client is gone and let the locks go


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


def killed(point: str, now: datetime) -> None:
    command = [sys.executable, "-m", "einklang.loop.decide.tests.dies", point, now.isoformat()]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL


def go_on(cur: Cursor, now: datetime) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    consume(cur, now)
    while not places(cur) and time.monotonic() < until:
        time.sleep(0.1)
        consume(cur, now)


def wake_on(cur: Cursor, now: datetime) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not messages(cur) and time.monotonic() < until:
        if not wakes(cur, now):
            time.sleep(0.1)


@pytest.mark.parametrize("point", ["enrolment", "before commit", "after commit"])
def test_killed_at_the_enrolment_she_is_taken_in_once(cur: Cursor, point: str) -> None:
    published()
    reads(cur, reader())
    killed(point, NOW)
    go_on(cur, NOW)
    assert places(cur) == [("waiting", "pause")]


@pytest.mark.parametrize("point", [point for point in POINTS if point != "enrolment"])
def test_killed_after_the_claim_of_the_timer_she_gets_one_mail(cur: Cursor, point: str) -> None:
    published()
    reads(cur, reader())
    consume(cur, NOW)
    killed(point, SATURDAY)
    wake_on(cur, SATURDAY)
    assert wakes(cur, SATURDAY) == 0
    assert len(messages(cur)) == 1
    assert places(cur) == [("waiting", "listen")]
