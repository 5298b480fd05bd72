from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import jsonschema
import orjson
import pytest

from einklang.core import erasure
from einklang.core.connection import cursor
from einklang.core.erasure import ERASED, KEPT, RESTRICTED
from einklang.core.errors import InputError
from einklang.facts.consent import status, verify
from einklang.facts.people import read, suppressed
from einklang.facts.people.errors import LockError
from einklang.facts.people.models import Person, User
from einklang.loop.interactions import log, make
from einklang.loop.profiles import consumer as profiles
from einklang.loop.profiles import read as profiles_read
from einklang.services.privacy import classes, copy, rights
from tests import cast

NOW = cast.NOW
pytestmark = pytest.mark.django_db


def read_something(person: Person) -> None:
    told = {"content_slug": "herzinsuffizienz-praxis", "topics": [cast.TOPIC], "title": "Herzinsuffizienz"}
    entry = make.interaction("content.viewed", now=NOW, person=person.id, properties=told)
    log.record(cursor(), [entry])
    profiles.advance(cursor(), log.read(cursor(), after=0, limit=100, until=10**9), NOW)


def test_a_new_mail_address_ends_the_consents_that_the_old_one_had_confirmed() -> None:
    person, steward = cast.albrecht(), cast.staff("data_steward")
    cast.allow(person, "email", "tracking")
    changes = {"email": "Miriam.Neu@praxis.example"}
    assert rights.correct(cursor(), person=person.id, changes=changes, by=steward.id, now=NOW) == ("email",)
    known = status.status(cursor(), [person.id])[person.id]
    assert (known["email"].state, known["tracking"].state) == ("withdrawn", "granted")
    assert read.cards(cursor(), [person.id])[person.id].email == "miriam.neu@praxis.example"


def test_a_correction_without_a_difference_is_none() -> None:
    person, steward = cast.albrecht(), cast.staff("data_steward")
    changes = {"family_name": "Albrecht"}
    assert rights.correct(cursor(), person=person.id, changes=changes, by=steward.id, now=NOW) == ()
    assert log.person_history(cursor(), [person.id], limit=10) == []


def test_what_is_no_field_of_hers_is_refused_by_its_name() -> None:
    with pytest.raises(InputError) as refused:
        rights.correct(cursor(), person=cast.albrecht().id, changes={"profession": "x"}, by=cast.auditor().id, now=NOW)
    assert refused.value.field == "profession"


def test_an_erased_person_is_gone_with_her_login_and_her_profile() -> None:
    person = cast.albrecht()
    cast.login_of(person)
    cast.allow(person, "tracking")
    read_something(person)
    rights.erase(cursor(), person=person.id, by=None, now=NOW)
    assert not Person.objects.filter(pk=person.id).exists()
    assert not User.objects.filter(email=person.email).exists()
    assert profiles_read.profiles(cursor(), [person.id])[person.id].topics == {}
    assert log.person_history(cursor(), [person.id], limit=10) == []


def test_each_class_says_what_became_of_it_and_by_which_rule() -> None:
    person = cast.albrecht()
    cast.allow(person, "email")
    found = {each.record_class: each for each in rights.erase(cursor(), person=person.id, by=None, now=NOW)}
    assert (found["golden_record"].result, found["profile"].result) == (ERASED, ERASED)
    proof = found["consent_proof"]
    assert (proof.result, proof.basis, proof.count) == (RESTRICTED, "DE-CON-06", 2)  # granted, and ended just now
    assert proof.until == (NOW + 5 * timedelta(days=365.25)).date()
    assert (found["suppression"].result, found["suppression"].basis) == (KEPT, "EU-DP-08")


def test_the_ledger_is_unbroken_and_says_that_nothing_holds_any_more() -> None:
    person = cast.albrecht()
    cast.allow(person, "email", "tracking", "rep_visibility")
    rights.erase(cursor(), person=person.id, by=None, now=NOW)
    assert verify.verify(cursor()) is None
    assert {each.state for each in status.status(cursor(), [person.id])[person.id].values()} == {"withdrawn"}


def test_a_rehearsal_says_what_an_erasure_does_and_does_nothing() -> None:
    person = cast.albrecht()
    cast.allow(person, "tracking")
    read_something(person)
    rehearsed = rights.rehearse(cursor(), person=person.id, now=NOW)
    assert Person.objects.filter(pk=person.id).exists()
    assert rights.erase(cursor(), person=person.id, by=None, now=NOW) == rehearsed


def test_who_was_erased_cannot_be_erased_again() -> None:
    person = cast.albrecht().id
    rights.erase(cursor(), person=person, by=None, now=NOW)
    with pytest.raises(LockError):
        rights.erase(cursor(), person=person, by=None, now=NOW)


def test_an_import_can_tell_who_was_erased_by_address_or_number() -> None:
    person = cast.albrecht()
    rights.erase(cursor(), person=person.id, by=None, now=NOW)
    asked = ["Miriam.Albrecht@Praxis.example", "246813950", "tobias.kern@praxis.example", ""]
    assert suppressed.among(cursor(), asked) == set(asked[:2])


def test_others_stay_as_they_are() -> None:
    kern = cast.kern()
    cast.allow(kern, "tracking")
    read_something(kern)
    rights.erase(cursor(), person=cast.albrecht().id, by=None, now=NOW)
    assert len(log.person_history(cursor(), [kern.id], limit=10)) == 1
    assert cast.TOPIC in profiles_read.profiles(cursor(), [kern.id])[kern.id].topics


def test_staff_who_are_customers_as_well_stay_staff() -> None:
    person, reviewer = cast.albrecht(), cast.medical_reviewer()
    User.objects.filter(pk=reviewer.pk).update(person=person)
    rights.erase(cursor(), person=person.id, by=None, now=NOW)
    assert User.objects.get(pk=reviewer.pk).person_id is None


def test_the_copy_holds_every_class_with_purpose_source_and_time_limit() -> None:
    person = cast.albrecht()
    cast.allow(person, "tracking", "rep_visibility")
    cast.petersen()
    read_something(person)
    document = copy.document(cursor(), person.id, NOW, "de")
    found = {each["name"]: each for each in document["classes"]}
    assert all(each["purpose"] and each["source"] and each["retention"]["text"] for each in found.values())
    assert found["golden_record"]["records"]["record"]["family_name"] == "Albrecht"
    assert found["tracking"]["records"][0]["properties"]["title"] == "Herzinsuffizienz"
    assert [each["permission"] for each in found["consent_proof"]["records"]] == ["tracking", "rep_visibility"]


def test_the_copy_says_what_her_rep_sees() -> None:
    person = cast.albrecht()
    cast.allow(person, "tracking", "rep_visibility", grade="topic")
    cast.petersen()
    read_something(person)
    (seen,) = copy.document(cursor(), person.id, NOW, "de")["seen_by_reps"]
    assert (seen["rep"], seen["grade"]) == ("Jonas Petersen", "topic")
    assert [each["month"] for each in seen["interests"]] == ["2026-11"]
    assert seen["history"][0]["at"] == "2026-11"


def test_the_copy_is_what_its_schema_says() -> None:
    person = cast.albrecht()
    cast.allow(person, "tracking", "rep_visibility")
    cast.petersen()
    read_something(person)
    schema = orjson.loads(Path(copy.__file__).with_name(copy.SCHEMA).read_bytes())
    jsonschema.validate(orjson.loads(orjson.dumps(copy.document(cursor(), person.id, NOW, "en"))), schema)


def test_every_record_class_that_a_room_speaks_of_is_in_the_list() -> None:
    person = cast.albrecht()
    spoken = {name for room in erasure.rooms() for name in room.export(cursor(), person.id)}
    spoken |= {ageing.record_class for room in erasure.rooms() for ageing in room.ageing}
    assert spoken <= classes.every().keys()


def test_the_copy_names_nobody_else() -> None:
    cast.kern()
    assert "Kern" not in str(copy.document(cursor(), cast.albrecht().id, NOW, "de"))
