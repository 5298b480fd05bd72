"""Several workers, a withdrawal in between, and a database that goes away: what only shows with real commits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from einklang.core.connection import cursor
from einklang.core.pg import connect
from einklang.facts.people import lock
from einklang.loop.channels.contract import Outgoing, Receipt, Told, go_on
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import dispatch, door, outbox, queue, tasks
from einklang.loop.gate.tests.mails import LATER, NOON, ask, message, reader
from einklang.loop.interactions import log
from tests import cast


@pytest.fixture
def planned(fresh_db: str) -> list[UUID]:
    with transaction.atomic():
        first, second = reader(), cast.kern()
        cast.allow(second, "email")
        return [message(asked).id for asked in (ask(first), ask(second))]


def test_what_one_worker_has_claimed_no_other_takes(fresh_db: str, planned: list[UUID]) -> None:
    with connect(fresh_db) as other:
        claimed = outbox.claim(other.cursor(), now=NOON, channels=["email"], limit=1)
        with transaction.atomic():
            settled, outgoing = dispatch.clear(cursor(), now=NOON, channels=["email"], limit=10, worker="me/1")
    assert settled == 1
    assert {claimed[0].id, outgoing["email"][0].id} == set(planned)


def test_a_withdrawal_does_not_wait_for_a_dispatcher_that_waits_for_the_person(
    fresh_db: str, planned: list[UUID]
) -> None:
    person = cast.albrecht().id
    with connect(fresh_db) as dispatcher:
        outbox.claim(dispatcher.cursor(), now=NOON, channels=["email"], limit=10)
        with transaction.atomic():
            lock.hold(cursor(), [person])
            cast.withdraw(cast.albrecht(), "email", now=LATER)
            assert door.withhold(cursor(), planned, "DE-CON-07") == set()
        dispatcher.rollback()
    adapter = FakeAdapter()
    tasks.dispatch(LATER, {"email": adapter})
    assert [mail.id for mail in adapter.sent] == planned[1:]
    assert queue.get(cursor(), planned[0]).state == "withheld"


def test_a_dispatcher_waits_for_a_withdrawal_that_came_first(fresh_db: str, planned: list[UUID]) -> None:
    with connect(fresh_db) as withdrawing, connect(fresh_db) as dispatching:
        lock.hold(withdrawing.cursor(), [cast.albrecht().id])
        cur = dispatching.cursor()
        cur.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            dispatch.clear(cur, now=NOON, channels=["email"], limit=10, worker="me/1")


class Severing(FakeAdapter):
    """While it sends, the database ends all connections."""

    url = ""

    def send(self, messages: Sequence[Outgoing], now: datetime, told: Told = go_on) -> list[Receipt]:
        receipts = super().send(messages, now, told)
        with connect(self.url, autocommit=True) as killer:
            killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return receipts


def test_receipts_outlive_a_database_that_went_away_while_sending(fresh_db: str, planned: list[UUID]) -> None:
    adapter = Severing()
    adapter.url = fresh_db
    with pytest.raises((OperationalError, psycopg.OperationalError)):
        tasks.dispatch(NOON, {"email": adapter})
    connection.close()
    assert tasks.recover(LATER, {"email": FakeAdapter()}) == 0
    assert queue.counts(cursor()) == {"sent": 2}
    assert len(adapter.sent) == 2
    history = log.person_history(cursor(), [cast.albrecht().id, cast.kern().id], limit=10)
    assert [entry.kind for entry in history] == ["email.sent", "email.sent"]
