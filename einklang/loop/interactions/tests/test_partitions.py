"""Months leave the log and come back while others write and read, and nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Connection, connect
from einklang.loop.interactions import consumers, erasure, log, make, partitions
from einklang.loop.interactions.consumers import Consumer

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
LONG_AGO = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
MARCH = date(2025, 3, 1)
READER = Consumer("reader", lambda cur, entries, now: None)
LONGEST_WAIT_SECONDS = 1.0


@pytest.fixture
def db(fresh_db: str) -> Iterator[Connection]:
    with connect(fresh_db, autocommit=True) as db:
        yield db


def happened(db: Connection, at: datetime, number: int = 1, person: UUID | None = None) -> None:
    log.record(db.cursor(), [make.interaction("custom.x", now=at, person=person) for _ in range(number)])


def states(db: Connection) -> dict[date, str]:
    return {each.month: each.state for each in partitions.parts(db.cursor())}


def read_by_all(db: Connection) -> None:
    while consumers.advance(db.cursor(), READER, NOW):
        pass


def count(db: Connection) -> int:
    return len(log.read(db.cursor(), after=0, limit=10**6))


def test_a_month_is_set_aside_and_comes_back_whole(db: Connection) -> None:
    happened(db, LONG_AGO, 3)
    happened(db, NOW)
    read_by_all(db)
    for _ in range(2):  # the second time its bounds are known already
        partitions.detach(db, MARCH, NOW)
        assert (states(db)[MARCH], count(db)) == ("aside", 1)
        partitions.attach(db, MARCH)
        assert (states(db)[MARCH], count(db)) == ("attached", 4)


def test_what_is_still_read_or_used_is_not_set_aside(db: Connection) -> None:
    happened(db, NOW)
    read_by_all(db)
    happened(db, LONG_AGO)
    with pytest.raises(Conflict, match="still being read"):
        partitions.detach(db, MARCH, NOW)
    with pytest.raises(InputError, match="younger than 400 days"):
        partitions.detach(db, date(2026, 11, 1), NOW)
    with pytest.raises(NotFound):
        partitions.detach(db, date(2020, 1, 1), NOW)
    with pytest.raises(Conflict, match="is attached"):
        partitions.attach(db, MARCH)


def test_an_interrupted_setting_aside_is_finished(
    fresh_db: str, db: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(db, LONG_AGO, 2)
    read_by_all(db)
    monkeypatch.setattr(partitions, "PATIENCE_SECONDS", 0.5)
    with connect(fresh_db) as reader:
        reader.execute("SELECT count(*) FROM interactions_log")
        with pytest.raises(Conflict, match="long transaction"):
            partitions.detach(db, MARCH, NOW)
        assert states(db)[MARCH] == "leaving"
    partitions.detach(db, MARCH, NOW)
    assert states(db)[MARCH] == "aside"


def test_what_is_set_aside_is_still_hers_to_see_and_to_erase(db: Connection) -> None:
    person = ids.new()
    happened(db, LONG_AGO, 2, person=person)
    happened(db, NOW, person=person)
    read_by_all(db)
    partitions.detach(db, MARCH, NOW)
    with db.transaction():
        cur = db.cursor()
        assert person in erasure.active_since(cur, LONG_AGO - timedelta(days=1))
        assert len(erasure.export(cur, person)["tracking"]) == 3
        erasure.erase(cur, person, NOW)
        assert erasure.export(cur, person)["tracking"] == []
    partitions.attach(db, MARCH)
    assert [each.person for each in log.read(db.cursor(), after=0, limit=9)] == [None] * 3


def test_tracking_that_is_too_old_goes_from_a_month_aside(db: Connection) -> None:
    happened(db, LONG_AGO, 3, person=ids.new())
    happened(db, LONG_AGO + timedelta(days=40), 3, person=ids.new())
    read_by_all(db)
    partitions.detach(db, MARCH, NOW)
    (ageing,) = erasure.ROOM.ageing
    with db.transaction():
        assert ageing.older(db.cursor(), NOW) == (6, LONG_AGO)
        assert [ageing.drop(db.cursor(), NOW, 4) for _ in range(3)] == [4, 2, 0]


@pytest.mark.slow
def test_nobody_waits_a_second_while_months_leave_and_come_back(fresh_db: str, db: Connection) -> None:
    for month in range(1, 7):
        happened(db, LONG_AGO.replace(month=month), 2000)
    read_by_all(db)
    stop = threading.Event()
    waits: list[float] = []
    others = [threading.Thread(target=_use, args=(fresh_db, stop, waits, act)) for act in (_write, _write, _read)]
    for other in others:
        other.start()
    for _ in range(3):
        for month in range(1, 7):
            partitions.detach(db, date(2025, month, 1), NOW)
        for month in range(1, 7):
            partitions.attach(db, date(2025, month, 1))
    stop.set()
    for other in others:
        other.join()
    assert len(waits) > 100
    assert max(waits) < LONGEST_WAIT_SECONDS
    assert db.execute("SELECT count(*) FROM interactions_key").fetchone() == (count(db),)


def _use(url: str, stop: threading.Event, waits: list[float], act: Callable[[Connection], None]) -> None:
    with connect(url) as db:
        while not stop.is_set():
            started = time.monotonic()
            act(db)
            db.commit()
            waits.append(time.monotonic() - started)


def _write(db: Connection) -> None:
    happened(db, NOW, 20)


def _read(db: Connection) -> None:
    log.read(db.cursor(), after=0, limit=500)
