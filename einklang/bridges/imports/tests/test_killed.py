"""A process that takes rows in is killed, again and again: what it had committed counts, and nothing else."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Mapping

import psycopg
import pytest

from einklang.bridges.imports import batches
from einklang.bridges.imports.tests.sheets import HEADER, checked, doctor, sheet, started, upload
from einklang.core.connection import cursor
from einklang.facts.people.models import Alias, Person

ROWS = 3_000
BROKEN = frozenset(range(0, ROWS, 33))
PATIENCE_SECONDS = 120
WORK = """
import sys
from einklang.core import clock, pg
from einklang.bridges.imports import run
with pg.connect(sys.argv[1], autocommit=True) as connection:
    cur, done = connection.cursor(), 1
    while done:
        with connection.transaction():
            done = run.advance(cur, clock.now(cur), limit=100)
"""


@pytest.mark.slow
def test_killed_again_and_again_no_row_is_doubled_or_lost(fresh_db: str, child_env: dict[str, str]) -> None:
    listed = [HEADER, *(doctor(number, **({"Nachname": ""} if number in BROKEN else {})) for number in range(ROWS))]
    batch = started(checked(upload(sheet(listed))))
    chance, kills, position = random.Random(7), 0, 0
    with psycopg.connect(fresh_db, autocommit=True) as watching:
        while position < ROWS:
            process = _working(child_env, fresh_db)
            position = _beyond(watching, position)
            time.sleep(chance.uniform(0, 0.1))  # somewhere inside a later chunk
            process.kill()
            process.wait()
            kills += 1
            position = _position(watching)
    done = batches.get(cursor(), batch.id)
    assert kills >= 3
    assert (done.state, dict(done.counts)) == ("done", {"new": ROWS - len(BROKEN), "refused": len(BROKEN), "warned": 0})
    refused = batches.refusals(cursor(), batch.id, limit=ROWS)
    assert [each.row for each in refused] == [number + 2 for number in sorted(BROKEN)]
    assert Person.objects.count() == Alias.objects.count() == ROWS - len(BROKEN)


def _working(env: Mapping[str, str], url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", WORK, url], env=dict(env))


def _beyond(watching: psycopg.Connection[tuple[int]], position: int) -> int:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if (now := _position(watching)) > position:
            return now
        time.sleep(0.01)
    pytest.fail(f"No row was taken in behind {position}.")


def _position(watching: psycopg.Connection[tuple[int]]) -> int:
    row = watching.execute("SELECT position FROM imports_batch").fetchone()
    assert row is not None
    return row[0]
