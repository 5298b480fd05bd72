from __future__ import annotations

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.people import resolve
from tests import cast

pytestmark = pytest.mark.django_db


def test_our_own_ids_and_joined_names_become_persons() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    resolve.join(cursor(), "anonymous", "browser-1", doctor.id)
    resolve.join(cursor(), "key:crm", "4711", colleague.id)
    wanted = [("person", str(doctor.id)), ("anonymous", "browser-1"), ("key:crm", "4711")]
    found = resolve.resolve(cursor(), wanted)
    assert found == {wanted[0]: doctor.id, wanted[1]: doctor.id, wanted[2]: colleague.id}


def test_what_nobody_knows_is_missing() -> None:
    strangers = [("person", str(ids.new())), ("person", "no id"), ("anonymous", "x"), ("key:crm", "x"), ("person", "")]
    assert resolve.resolve(cursor(), strangers) == {}
    assert resolve.resolve(cursor(), []) == {}


def test_the_same_name_of_another_system_is_somebody_else() -> None:
    resolve.join(cursor(), "key:crm", "4711", cast.albrecht().id)
    assert resolve.resolve(cursor(), [("key:shop", "4711"), ("anonymous", "4711")]) == {}


def test_an_alias_cannot_pass_as_our_own_id() -> None:
    stranger = str(ids.new())
    resolve.join(cursor(), "person", stranger, cast.albrecht().id)
    assert resolve.resolve(cursor(), [("person", stranger)]) == {}


def test_a_remembered_name_waits_until_it_is_joined() -> None:
    name = ("key:crm", "4712")
    resolve.remember(cursor(), [name, name])
    resolve.remember(cursor(), [name])
    assert resolve.resolve(cursor(), [name]) == {}
    doctor = cast.albrecht()
    assert resolve.join(cursor(), *name, doctor.id)
    assert resolve.resolve(cursor(), [name]) == {name: doctor.id}


def test_a_taken_name_stays_with_whom_it_belongs() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    assert resolve.join(cursor(), "anonymous", "shared-browser", doctor.id)
    assert not resolve.join(cursor(), "anonymous", "shared-browser", colleague.id)
    assert not resolve.join(cursor(), "anonymous", "shared-browser", doctor.id)
    name = ("anonymous", "shared-browser")
    assert resolve.resolve(cursor(), [name]) == {name: doctor.id}
