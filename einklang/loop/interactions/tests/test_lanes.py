"""However many workers share a consumer, whoever dies and however the lanes are cut meanwhile: every entry is read
once, and what one person did is read in the order in which it happened."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import groupby
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Connection, connect
from einklang.loop.interactions import anonymous, consumers, lanes, log, make
from einklang.loop.interactions.lanes import split
from einklang.loop.interactions.tests.workers import AFTER, NOW, TURNS, take_turns

PEOPLE = [ids.new() for _ in range(3)]


@pytest.fixture
def db(fresh_db: str) -> Iterator[Connection]:
    with connect(fresh_db) as db:
        db.execute("CREATE TABLE turn (turn bigserial, pos bigint UNIQUE, who text)")
        log.record(db.cursor(), [make.interaction("custom.first", now=NOW)])
        db.commit()
        yield db


def drain(db: Connection) -> None:
    while take_turns(db):
        pass


def check(db: Connection) -> None:
    """All was read once, and each one's in log order."""
    drain(db)
    taken = db.execute("SELECT who, pos FROM turn ORDER BY who, turn").fetchall()
    logged = db.execute("SELECT pos FROM interactions_log ORDER BY pos").fetchall()
    assert sorted(pos for _, pos in taken) == [pos for (pos,) in logged]
    for who, group in groupby(taken, key=lambda each: each[0]):
        order = [pos for _, pos in group]
        assert order == sorted(order), f"{who} was read out of order"
    head = log.safe_position(db.cursor())
    assert consumers.checkpoint(db.cursor(), "turns") == consumers.checkpoint(db.cursor(), "after") == head


def behind(db: Connection) -> None:
    """In no lane the follower stands before the one it follows."""
    for after in lanes.ranges(db.cursor(), "after"):
        assert after.pos <= consumers.checkpoint(db.cursor(), "turns", after)


SCRIPTS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(("person", "browser", "recognise")), st.integers(0, 2), st.integers(0, 2)),
        st.tuples(st.sampled_from(("turns", "turns", "after", "commit", "die")), st.integers(0, 2), st.just(0)),
        st.tuples(st.just("split"), st.sampled_from((1, 2, 3, 8, 64)), st.integers(0, 1)),
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=SCRIPTS, salt=st.uuids())
def test_any_order_of_work_deaths_and_cuts_keeps_everybodys_order(
    fresh_db: str, db: Connection, script: list[tuple[str, int, int]], salt: object
) -> None:
    """The first person's browser is known from the beginning, and every lane is a range of its own."""
    workers = [connect(fresh_db) for _ in range(3)]
    anonymous.rejoin(db.cursor(), f"{salt}-0", PEOPLE[0], NOW)
    split(db.cursor(), TURNS, 64, NOW)
    db.commit()
    for act, one, other in script:
        if act in ("person", "browser", "recognise"):
            _happens(db, act, f"{salt}-{one}", PEOPLE[one], PEOPLE[other])
        elif act == "split":
            for worker in workers:
                worker.commit()
            split(db.cursor(), (TURNS, AFTER)[other], one, NOW, limit=2)
        else:
            _works(workers[one], act)
        db.commit()
        behind(db)
    for worker in workers:
        worker.commit()
        worker.close()
    check(db)


def _happens(db: Connection, act: str, browser: str, person: UUID, found: UUID) -> None:
    match act:
        case "person":
            log.record(db.cursor(), [make.interaction("custom.x", now=NOW, person=person)])
        case "browser":
            log.record(db.cursor(), [make.interaction("custom.x", now=NOW, anonymous=browser)])
        case "recognise":
            anonymous.rejoin(db.cursor(), browser, found, NOW)


def _works(worker: Connection, act: str) -> None:
    match act:
        case "commit":
            worker.commit()
        case "die":
            worker.rollback()
        case _:
            consumers.advance(worker.cursor(), TURNS if act == "turns" else AFTER, NOW, limit=1)


def test_lanes_are_split_and_joined_while_they_are_read(db: Connection) -> None:
    assert split(db.cursor(), TURNS, 4, NOW)
    db.commit()
    first = [(each.first, each.last) for each in lanes.ranges(db.cursor(), "turns")]
    assert first == [(0, 15), (16, 31), (32, 47), (48, 63)]
    log.record(db.cursor(), [make.interaction("custom.x", now=NOW, person=ids.new()) for _ in range(40)])
    db.commit()
    assert consumers.advance(db.cursor(), TURNS, NOW, limit=3)
    db.commit()
    while not split(db.cursor(), TURNS, 1, NOW, limit=3):
        db.commit()
    db.commit()
    assert len(lanes.ranges(db.cursor(), "turns")) == 1
    check(db)


def test_what_a_recognised_browser_does_stands_in_the_lane_of_its_person(db: Connection) -> None:
    names = [f"browser-{each}" for each in range(5)]
    for name in names:
        log.record(db.cursor(), [make.interaction("custom.before", now=NOW, anonymous=name)])
        anonymous.rejoin(db.cursor(), name, PEOPLE[0], NOW)
    split(db.cursor(), TURNS, 64, NOW)
    drain(db)
    log.record(db.cursor(), [make.interaction("custom.after", now=NOW, anonymous=name) for name in names])
    db.commit()
    assert len({each.lane for each in log.read(db.cursor(), after=0, limit=99) if each.kind == "custom.after"}) > 1
    assert consumers.advance(db.cursor(), TURNS, NOW) == len(names)
    check(db)


def test_an_empty_range_says_nothing_about_the_others(db: Connection) -> None:
    drain(db)
    split(db.cursor(), TURNS, 64, NOW)
    log.record(db.cursor(), [make.interaction("custom.x", now=NOW, person=PEOPLE[0])])
    db.commit()
    assert consumers.advance(db.cursor(), TURNS, NOW) == 1


def test_as_many_workers_as_ranges_read_at_once(fresh_db: str, db: Connection) -> None:
    drain(db)
    split(db.cursor(), TURNS, 2, NOW)
    log.record(db.cursor(), [make.interaction("custom.x", now=NOW, person=ids.new()) for _ in range(40)])
    db.commit()
    with connect(fresh_db) as other:
        assert consumers.advance(db.cursor(), TURNS, NOW) + consumers.advance(other.cursor(), TURNS, NOW) == 40
        db.commit()


def test_more_ranges_than_lanes_are_refused(db: Connection) -> None:
    with pytest.raises(InputError, match="Choose 1 to 64"):
        split(db.cursor(), TURNS, 65, NOW)


def test_the_lag_of_shared_lanes_counts_each_entry_once(db: Connection) -> None:
    drain(db)
    split(db.cursor(), TURNS, 8, NOW)
    log.record(db.cursor(), [make.interaction("custom.x", now=NOW, person=ids.new()) for _ in range(30)])
    db.commit()
    lag = {each.name: each.behind for each in consumers.lag(db.cursor(), NOW)}
    assert lag == {"turns": 30, "after": 30}


@pytest.mark.slow
def test_workers_come_go_and_die_while_others_write_and_lanes_are_cut(fresh_db: str, db: Connection) -> None:
    chance = random.Random(11)
    writers = [_at_work("meet", fresh_db, f"writer-{each}") for each in range(2)]
    workers: list[subprocess.Popen[str]] = []
    for round_ in range(12):
        workers += [_at_work("turns", fresh_db, f"{round_}-{each}") for each in range(chance.randint(0, 2))]
        for _ in range(min(chance.randint(0, 1), len(workers))):
            _kill(workers.pop(chance.randrange(len(workers))))
        for consumer in (TURNS, AFTER):
            while not split(db.cursor(), consumer, chance.choice((1, 2, 3, 8)), NOW, limit=50):
                db.commit()
            db.commit()
        behind(db)
        db.commit()
        threading.Event().wait(0.1)
    for process in (*writers, *workers):
        assert process.poll() is None, "it failed before it was killed"
        _kill(process)
    check(db)
    assert db.execute("SELECT count(*) > 500 FROM turn").fetchone() == (True,)


def _at_work(kind: str, url: str, label: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "einklang.loop.interactions.tests.workers", kind, url, label]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "at work\n"
    return process


def _kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
