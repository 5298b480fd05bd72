"""A mailing to some hundred readers whose worker is killed at random moments: nobody is missing, nobody got it twice,
and of whom nobody knows it is told. A stop in the middle holds, whatever dies."""

from __future__ import annotations

import os
import random
import signal
import sys
from collections.abc import Iterator
from subprocess import Popen
from uuid import UUID

import pytest
from django.db import transaction

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.pg import connect
from einklang.faces.studio.operations.health import health
from einklang.facts.people.bench import doctors
from einklang.loop.decide.mailings import store
from einklang.loop.decide.tests.mailing_parts import NOON, mailed, scheduled, writable
from einklang.loop.gate import bench, browse, notes, queue
from einklang.project import history
from tests import cast
from tests.test_mail_kills import Server, sink, until, until_arrived

__all__ = ["sink"]
pytestmark = pytest.mark.slow

DOCTORS = 300
READERS = DOCTORS + 2
AT_ONCE = 100  # what may be on its way when somebody stops the mailing
KILLS = 6
SEED = 20261123
REASON = "Das Datum im Brief stimmt nicht."


@pytest.fixture
def mailing(demo: None, fresh_db: str) -> UUID:
    """Due now, at a noon that the clock of this house was set to."""
    with transaction.atomic():
        clock.set_to(cursor(), NOON)
        writable()
        bench.consent(cursor(), doctors(cursor(), DOCTORS, NOON))
        return scheduled(cursor())


class Workers:
    """One at a time, as the demo's but over SMTP to a server that cannot be asked afterwards."""

    def __init__(self, env: dict[str, str], sink: Server) -> None:
        self.env = env | {"TORTURE_SMTP": sink.url}
        self.process: Popen[bytes] | None = None

    def start(self) -> None:
        self.process = Popen([sys.executable, "-m", "tests.torture.up", "worker"], env=self.env)

    def kill(self) -> None:
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def workers(child_env: dict[str, str], sink: Server) -> Iterator[Workers]:
    made = Workers(child_env, sink)
    yield made
    made.kill()


def until_it_is(mailing: UUID, state: str) -> None:
    def settled() -> bool:
        open_ = queue.counts(cursor()).keys() & {"planned", "held", "sending"}
        return store.get(cursor(), mailing).state == state and not open_

    until(f"the mailing is {state}", settled)


def broken(url: str) -> list[str]:
    """What the whole history says against itself."""
    with connect(url, autocommit=True) as db:
        found = history.check(db, history.Asked(clock.now(db.cursor())))
        return [f"{each.invariant.words.en} {each.ids[:3]}" for each in found if each.number]


def test_a_mailing_whose_worker_is_killed_again_and_again_misses_and_doubles_nobody(
    mailing: UUID, fresh_db: str, sink: Server, workers: Workers
) -> None:
    dice = random.Random(SEED)
    for arrivals in (0, *sorted(dice.sample(range(1, READERS - 20), KILLS - 1))):
        workers.start()
        until_arrived(sink, arrivals)
        if not arrivals:
            until("it began", lambda: store.get(cursor(), mailing).state != "scheduled")
        workers.kill()
    workers.start()
    until_it_is(mailing, "done")

    counts, people = queue.counts(cursor()), [person for person, _ in mailed(cursor())]
    assert counts.get("sent", 0) + counts.get("uncertain", 0) == READERS
    assert counts.get("uncertain", 0) <= KILLS, "at most the one that was just leaving"
    assert health(cursor(), clock.now())["ok"] is ("uncertain" not in counts)
    assert len(people) == len(set(people)) == store.get(cursor(), mailing).asked
    assert set(sink.arrived.values()) == {1}
    known = wire_ids(mailing)
    assert {name for name, state in known.items() if state == "sent"} <= set(sink.arrived) <= set(known)
    assert broken(fresh_db) == []


def test_a_mailing_that_is_stopped_in_the_middle_stays_stopped_when_its_worker_dies(
    mailing: UUID, fresh_db: str, sink: Server, workers: Workers
) -> None:
    workers.start()
    until_arrived(sink, READERS // 4)
    with transaction.atomic():
        store.stop(cursor(), mailing, REASON, by=cast.administrator().id, now=clock.now())
    gone = sink.arrived.total()
    workers.kill()
    workers.start()
    until_it_is(mailing, "stopped")
    assert sink.arrived.total() - gone <= AT_ONCE
    assert sink.arrived.total() < READERS
    withheld = queue.ids(cursor(), states=["withheld"], journey=mailing, detail=notes.MAILING_STOPPED)
    assert len(withheld) + sum(queue.counts(cursor()).get(each, 0) for each in ("sent", "uncertain")) == READERS
    assert not {queue.get(cursor(), each).wire_id for each in withheld} & set(sink.arrived)
    assert set(sink.arrived.values()) == {1}
    assert broken(fresh_db) == []


def wire_ids(mailing: UUID) -> dict[str, str]:
    messages = queue.ids(cursor(), states=["sent", "uncertain"], journey=mailing)
    return {queue.get(cursor(), each).wire_id: state for each, state in browse.states(cursor(), messages).items()}
