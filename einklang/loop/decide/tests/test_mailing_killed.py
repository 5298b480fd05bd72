"""A worker killed in the middle of a mailing: the next one goes on, nobody twice and nobody lost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from einklang.core.connection import cursor
from einklang.loop.decide.mailings import run, store
from einklang.loop.decide.tests.mailing_dies import PIECE, POINTS
from einklang.loop.decide.tests.mailing_parts import NOON, mailed, scheduled, writable
from tests import cast

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 20  # until the server has noticed that its client is gone and let the locks go
DOCTORS = 6


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_its_second_piece_everybody_is_asked_about_once(fresh_db: str, point: str) -> None:
    writable(DOCTORS)
    cur = cursor()
    mailing = scheduled(cur)
    command = [sys.executable, "-m", "einklang.loop.decide.tests.mailing_dies", point, NOON.isoformat()]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    assert len(mailed(cur)) == (2 * PIECE if point == "after commit" else PIECE)

    until = time.monotonic() + PATIENCE_SECONDS
    while store.get(cur, mailing).state != "done" and time.monotonic() < until:
        if not run.advance(cur, NOON, PIECE):
            time.sleep(0.1)

    found = store.get(cur, mailing)
    assert (found.state, found.asked, found.planned) == ("done", 4 + DOCTORS, 2 + DOCTORS)
    people = [person for person, _ in mailed(cur)]
    assert sorted(people) == sorted({*people, *(each.id for each in cast.everybody())})
