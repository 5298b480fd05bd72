from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from einklang.core import ids, pg
from einklang.core.connection import cursor
from einklang.facts.people import resolve
from tests import cast


@pytest.mark.django_db
def test_our_own_ids_and_joined_names_become_persons() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    resolve.join(cursor(), "anonymous", "browser-1", doctor.id)
    resolve.join(cursor(), "key:crm", "4711", colleague.id)
    wanted = [("person", str(doctor.id)), ("anonymous", "browser-1"), ("key:crm", "4711")]
    found = resolve.resolve(cursor(), wanted)
    assert found == {wanted[0]: doctor.id, wanted[1]: doctor.id, wanted[2]: colleague.id}


@pytest.mark.django_db
def test_two_spellings_of_one_id_are_one_person() -> None:
    doctor = cast.albrecht()
    names = [("person", str(doctor.id)), ("person", str(doctor.id).upper())]
    assert resolve.resolve(cursor(), names) == dict.fromkeys(names, doctor.id)


@pytest.mark.django_db
def test_what_nobody_knows_is_missing() -> None:
    strangers = [("person", str(ids.new())), ("person", "no id"), ("anonymous", "x"), ("key:crm", "x"), ("person", "")]
    assert resolve.resolve(cursor(), strangers) == {}
    assert resolve.resolve(cursor(), []) == {}


@pytest.mark.django_db
def test_the_same_name_of_another_system_is_somebody_else() -> None:
    resolve.join(cursor(), "key:crm", "4711", cast.albrecht().id)
    assert resolve.resolve(cursor(), [("key:shop", "4711"), ("anonymous", "4711")]) == {}


@pytest.mark.django_db
def test_an_alias_cannot_pass_as_our_own_id() -> None:
    stranger = str(ids.new())
    resolve.join(cursor(), "person", stranger, cast.albrecht().id)
    assert resolve.resolve(cursor(), [("person", stranger)]) == {}


@pytest.mark.django_db
def test_a_remembered_name_waits_until_it_is_joined() -> None:
    name = ("key:crm", "4712")
    resolve.remember(cursor(), [name, name])
    resolve.remember(cursor(), [name])
    assert resolve.resolve(cursor(), [name]) == {}
    doctor = cast.albrecht()
    assert resolve.join(cursor(), *name, doctor.id)
    assert resolve.resolve(cursor(), [name]) == {name: doctor.id}


@pytest.mark.django_db
def test_a_taken_name_stays_with_whom_it_belongs() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    assert resolve.join(cursor(), "anonymous", "shared-browser", doctor.id)
    assert not resolve.join(cursor(), "anonymous", "shared-browser", colleague.id)
    assert not resolve.join(cursor(), "anonymous", "shared-browser", doctor.id)
    name = ("anonymous", "shared-browser")
    assert resolve.resolve(cursor(), [name]) == {name: doctor.id}


@pytest.mark.parametrize("turn", range(2))
def test_of_two_who_claim_a_name_at_once_one_gets_it(fresh_db: str, turn: int) -> None:
    doctor, colleague = cast.albrecht().id, cast.kern().id
    with pg.connect(fresh_db) as first, pg.connect(fresh_db) as second, ThreadPoolExecutor(1) as other:
        assert resolve.join(first.cursor(), "anonymous", "browser", doctor)
        waiting = other.submit(resolve.join, second.cursor(), "anonymous", "browser", colleague)
        (first.rollback if turn else first.commit)()
        assert waiting.result(timeout=30) is bool(turn)
        second.commit()
        name = ("anonymous", "browser")
        assert resolve.resolve(second.cursor(), [name]) == {name: colleague if turn else doctor}
