"""Readers see every committed entry once, in order, whatever the writers do."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core.pg import Connection, connect
from einklang.loop.interactions import consumers, log, make
from einklang.loop.interactions.consumers import Consumer
from einklang.loop.interactions.tests.workers import COPIES, NOW, drain, events, write

WRITERS = 6


FOLLOWER = Consumer("follower", lambda cur, entries, now: None, follows="copies")


@pytest.fixture
def db(fresh_db: str) -> Iterator[Connection]:
    with connect(fresh_db) as db:
        db.execute("CREATE TABLE copy_of_log (pos bigint UNIQUE, source_id text)")
        log.record(db.cursor(), [make.interaction("custom.first", now=NOW)])
        db.commit()
        yield db


def copied(db: Connection) -> list[tuple[int, str]]:
    return db.execute("SELECT pos, source_id FROM copy_of_log ORDER BY pos").fetchall()


def logged(db: Connection) -> list[tuple[int, str]]:
    return db.execute("SELECT pos, source_id FROM interactions_log ORDER BY pos").fetchall()


SCRIPTS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(("write", "write", "commit", "rollback", "read"))), max_size=40
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(script=SCRIPTS, salt=st.uuids())
def test_any_order_of_writes_commits_and_reads_skips_nothing(
    fresh_db: str, db: Connection, script: list[tuple[int, str]], salt: object
) -> None:
    writers = [connect(fresh_db) for _ in range(4)]
    for step, (who, act) in enumerate(script):
        match act:
            case "write":
                log.record(writers[who].cursor(), events(f"{salt}-{step}", 2))
            case "commit":
                writers[who].commit()
            case "rollback":
                writers[who].rollback()
            case "read":
                drain(db, limit=3)
    for writer in writers:
        writer.commit()
        writer.close()
    drain(db)
    assert copied(db) == logged(db)


def test_a_late_commit_is_waited_for_and_then_read(fresh_db: str, db: Connection) -> None:
    with connect(fresh_db) as late, connect(fresh_db) as quick:
        log.record(late.cursor(), events("late", 1))
        log.record(quick.cursor(), events("quick", 1))
        quick.commit()
        drain(db)
        assert len(copied(db)) == 1, "only what was there before"
        assert [each.blocking_pid for each in consumers.lag(db.cursor(), NOW)] == [late.info.backend_pid]
        late.commit()
        drain(db)
    assert [source_id for _, source_id in copied(db)][1:] == ["late-0", "quick-0"]


def test_writers_of_other_tables_hold_no_reader_back(fresh_db: str, db: Connection) -> None:
    with connect(fresh_db) as other, connect(fresh_db) as quick:
        other.execute("CREATE TABLE elsewhere (a int)")
        other.execute("SELECT pg_advisory_xact_lock(1), pg_advisory_xact_lock(2, 3)")
        log.record(quick.cursor(), events("quick", 1))
        quick.commit()
        drain(db)
        assert copied(db)[-1][1] == "quick-0"


def test_rows_copied_past_the_writer_are_announced_too(fresh_db: str, db: Connection) -> None:
    with connect(fresh_db) as stranger:
        columns = "occurred_at, received_at, kind, channel, initiator, unit, purpose, depth, is_machine, properties"
        stranger.execute(
            f"INSERT INTO interactions_log (id, {columns}, source, source_id) "
            f"SELECT gen_random_uuid(), {columns}, 'elsewhere', 'strange' FROM interactions_log"
        )
        log.record(db.cursor(), events("quick", 1))
        db.commit()
        drain(db)
        assert len(copied(db)) == 1
        stranger.commit()
        drain(db)
    assert [source_id for _, source_id in copied(db)][1:] == ["strange", "quick-0"]


def test_a_follower_never_passes_whom_it_follows(db: Connection) -> None:
    log.record(db.cursor(), events("x", 5))
    db.commit()
    assert consumers.advance(db.cursor(), FOLLOWER, NOW) == 0
    consumers.advance(db.cursor(), COPIES, NOW, limit=3)
    db.commit()
    assert consumers.advance(db.cursor(), FOLLOWER, NOW) == 3
    assert consumers.checkpoint(db.cursor(), "follower") == consumers.checkpoint(db.cursor(), "copies")


def test_effect_and_checkpoint_commit_together(db: Connection) -> None:
    consumers.advance(db.cursor(), COPIES, NOW)
    db.rollback()
    assert copied(db) == []
    drain(db)
    assert len(copied(db)) == 1


def test_two_workers_do_not_read_the_same_lanes_at_once(fresh_db: str, db: Connection) -> None:
    drain(db)
    log.record(db.cursor(), events("x", 2))
    db.commit()
    with connect(fresh_db) as other:
        assert consumers.advance(db.cursor(), COPIES, NOW) == 2
        assert consumers.advance(other.cursor(), COPIES, NOW) == 0


def test_the_lag_counts_what_is_not_read_and_since_when(db: Connection) -> None:
    drain(db)
    log.record(db.cursor(), events("x", 4))
    db.commit()
    (lag,) = consumers.lag(db.cursor(), NOW + timedelta(seconds=30))
    assert (lag.name, lag.behind, lag.seconds, lag.blocking_pid) == ("copies", 4, 30.0, None)
    drain(db)
    (lag,) = consumers.lag(db.cursor(), NOW + timedelta(seconds=30))
    assert (lag.behind, lag.seconds, lag.pos) == (0, 0.0, lag.head)


def test_concurrent_writers_with_rollbacks_and_a_reader_lose_nothing(fresh_db: str, db: Connection) -> None:
    threads = [threading.Thread(target=write, args=(fresh_db, f"writer-{each}", 40)) for each in range(WRITERS)]
    for thread in threads:
        thread.start()
    seen: list[int] = []
    while any(thread.is_alive() for thread in threads):
        drain(db, limit=7)
        seen += [pos for pos, _ in copied(db)][len(seen) :]
    drain(db)
    assert copied(db) == logged(db)
    assert len(logged(db)) > WRITERS * 40
    assert seen == sorted(seen), "what was read once is never overtaken"


@pytest.mark.slow
def test_killed_writers_and_readers_lose_nothing(fresh_db: str, db: Connection) -> None:
    chance = random.Random(7)
    for round_ in range(5):
        kinds = ["write", "write", "write", "read", "read"]
        workers = [_at_work(kind, fresh_db, f"{kind}-{round_}-{each}") for each, kind in enumerate(kinds)]
        for worker in chance.sample(workers, len(workers)):
            threading.Event().wait(chance.uniform(0.1, 0.5))
            assert worker.poll() is None, "a worker failed before it was killed"
            worker.kill()
            worker.communicate()
    drain(db, limit=1000)
    assert copied(db) == logged(db)
    assert len({source_id for _, source_id in logged(db)}) == len(logged(db)) > 100


def _at_work(kind: str, url: str, label: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "einklang.loop.interactions.tests.workers", kind, url, label]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "at work\n"
    return worker
