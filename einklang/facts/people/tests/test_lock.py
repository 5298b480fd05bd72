from __future__ import annotations

import threading

import psycopg
import pytest

from einklang.core import ids, pg
from einklang.core.connection import cursor
from einklang.facts.people import lock
from einklang.facts.people.errors import LockError
from einklang.facts.people.models import Person
from tests import cast


@pytest.mark.django_db
def test_every_new_person_can_be_locked_at_once() -> None:
    people = Person.objects.bulk_create(
        Person(given_name=f"Vorname{n}", family_name="Muster", profession="nurse", created_at=cast.NOW)
        for n in range(3)
    )
    lock.hold(cursor(), [person.id for person in people])


@pytest.mark.django_db
def test_a_person_who_does_not_exist_cannot_be_locked() -> None:
    doctor = cast.albrecht()
    with pytest.raises(LockError, match="1 of 2"):
        lock.hold(cursor(), [doctor.id, ids.new()])


@pytest.mark.django_db
def test_holding_nobody_and_holding_twice_are_fine() -> None:
    doctor = cast.albrecht()
    lock.hold(cursor(), [])
    lock.hold(cursor(), [doctor.id, doctor.id])
    lock.hold(cursor(), [doctor.id])


def test_a_second_transaction_waits_for_the_first(fresh_db: str) -> None:
    doctor = cast.albrecht().id
    with pg.connect(fresh_db) as first, pg.connect(fresh_db) as second:
        lock.hold(first.cursor(), [doctor])
        second.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            lock.hold(second.cursor(), [doctor])
        second.rollback()
        first.rollback()
        lock.hold(second.cursor(), [doctor])


def test_a_lock_does_not_hold_back_who_only_refers_to_the_person(fresh_db: str) -> None:
    doctor = cast.albrecht()
    with pg.connect(fresh_db) as first, pg.connect(fresh_db) as second:
        lock.hold(first.cursor(), [doctor.id])
        second.execute("SET lock_timeout = '2s'")
        second.execute(
            "INSERT INTO people_alias (namespace, value, person_id) VALUES ('anonymous', 'b', %s)", (doctor.id,)
        )


def test_two_batches_in_opposite_order_do_not_wait_in_a_circle(fresh_db: str) -> None:
    people = [person.id for person in cast.everybody()]
    errors: list[Exception] = []

    def work(order: list) -> None:  # type: ignore[type-arg]
        try:
            with pg.connect(fresh_db) as connection:
                for _ in range(50):
                    lock.hold(connection.cursor(), order)
                    connection.commit()
        except psycopg.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(order,)) for order in (people, people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
