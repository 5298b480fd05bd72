from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.consent import status
from einklang.facts.people import read, suppressed
from einklang.services.privacy import acts, promises, rights
from einklang.services.privacy.promises import Place, Promise
from tests import cast

NOW = cast.NOW
NOBODY = ids.new()
SOON = NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_an_erasure_is_done_again_and_no_import_brings_her_back() -> None:
    person = cast.albrecht()
    digests = [suppressed.digest("frueher@praxis.example")]
    promise = Promise(at=NOW, person=person.id, digests=digests)
    assert promises.keep(cursor(), [promise, promise], SOON) == (1, 0)
    assert read.cards(cursor(), [person.id]) == {}
    assert suppressed.among(cursor(), ["frueher@praxis.example", "x@praxis.example"]) == {"frueher@praxis.example"}


@pytest.mark.django_db
def test_whoever_the_backup_does_not_know_is_not_brought_back_either() -> None:
    gone = cast.albrecht()
    address = gone.email
    digests = [suppressed.digest(address)]
    stranger = Promise(at=NOW, person=NOBODY, digests=digests)
    assert promises.keep(cursor(), [stranger], SOON) == (0, 0)
    assert suppressed.among(cursor(), [address]) == {address}


@pytest.mark.django_db
def test_a_withdrawal_and_an_objection_are_made_again_once() -> None:
    person = cast.albrecht()
    cast.allow(person, "email")
    ended = [
        Promise(at=SOON, person=person.id, permission="email", state="withdrawn"),
        Promise(at=SOON, person=person.id, permission="visit", state="objected"),
    ]
    assert promises.keep(cursor(), ended, SOON) == (0, 2)
    assert promises.keep(cursor(), ended, SOON) == (0, 0)
    known = status.status(cursor(), [person.id])[person.id]
    assert (known["email"].state, known["visit"].state) == ("withdrawn", "objected")


@pytest.mark.django_db
def test_what_was_allowed_again_later_stays_allowed() -> None:
    person = cast.albrecht()
    cast.allow(person, "email", now=SOON)
    before = Promise(at=NOW, person=person.id, permission="email", state="withdrawn")
    assert promises.keep(cursor(), [before], SOON) == (0, 0)


@pytest.mark.usefixtures("fresh_db")
def test_what_people_ended_is_read_once_and_from_there_on() -> None:
    person, other = cast.albrecht(), cast.kern()
    cast.allow(person, "email")
    with transaction.atomic():
        acts.withdraw(cursor(), person=person.id, permission="email", evidence={}, now=NOW)
        rights.erase(cursor(), person=other.id, by=None, now=SOON)
    ((found, place),) = promises.made_since(cursor(), Place())
    assert [(each.person, each.state) for each in found] == [(person.id, "withdrawn"), (other.id, "")]
    assert found[1].digests
    assert list(promises.made_since(cursor(), place)) == []
