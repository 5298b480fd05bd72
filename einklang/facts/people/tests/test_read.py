from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.people import browse, read
from einklang.facts.people.models import Person, Verification
from tests import cast

pytestmark = pytest.mark.django_db
cast.NOW = cast.NOW
DAY = timedelta(days=1)


def verify(person: Person, level: str, until: datetime | None, revoked_at: datetime | None = None) -> None:
    Verification.objects.create(
        person=person,
        role="physician",
        level=level,
        provider="test",
        verified_at=cast.NOW - 30 * DAY,
        valid_until=until,
        revoked_at=revoked_at,
    )


def test_a_card_has_name_and_address() -> None:
    doctor = cast.albrecht()
    card = read.cards(cursor(), [doctor.id, ids.new()])[doctor.id]
    assert (card.display_name, card.short_name, card.initials) == ("Dr. med. Miriam Albrecht", "Dr. Albrecht", "MA")
    assert card.address == ("Praxis Albrecht", "Dr. med. Miriam Albrecht", "Lindenallee 4", "30159 Hannover")
    assert (card.short("en"), card.greeting("en")) == ("Dr Albrecht", "Dear Dr Albrecht")


def test_a_person_without_organisation_has_a_card_too() -> None:
    doctor = cast.albrecht()
    Person.objects.filter(id=doctor.id).update(organisation=None)
    assert read.cards(cursor(), [doctor.id])[doctor.id].address == ("Dr. med. Miriam Albrecht",)


def test_a_user_is_found_with_roles_and_person() -> None:
    doctor = cast.albrecht()
    user = cast.login_of(doctor)
    found = read.user(cursor(), user.id)
    assert found is not None
    assert (found.roles, found.person, found.is_active) == (["hcp"], doctor.id, True)
    assert read.user(cursor(), ids.new()) is None


def test_a_verification_counts_from_its_first_to_its_last_moment() -> None:
    doctor = cast.albrecht(verified=False)
    assert read.verified(cursor(), [doctor.id], cast.NOW) == {}
    verify(doctor, "document", cast.NOW + DAY)
    assert read.verified(cursor(), [doctor.id], cast.NOW)[doctor.id].role == "physician"
    assert read.verified(cursor(), [doctor.id], cast.NOW + DAY) == {}
    assert read.verified(cursor(), [doctor.id], cast.NOW - 31 * DAY) == {}


def test_a_revoked_verification_counts_until_it_was_revoked() -> None:
    doctor = cast.albrecht(verified=False)
    verify(doctor, "document", None, revoked_at=cast.NOW)
    assert doctor.id in read.verified(cursor(), [doctor.id], cast.NOW - DAY)
    assert read.verified(cursor(), [doctor.id], cast.NOW) == {}


def test_the_strongest_proof_is_told_first() -> None:
    doctor = cast.albrecht(verified=False)
    verify(doctor, "self_declared", None)
    verify(doctor, "eid", cast.NOW + DAY)
    verify(doctor, "third_party", None)
    assert read.verified(cursor(), [doctor.id], cast.NOW)[doctor.id].level == "eid"
    assert read.verified(cursor(), [doctor.id], cast.NOW + DAY)[doctor.id].level == "third_party"


def test_DE_REP_01_a_qualification_counts_while_it_is_valid() -> None:
    rep, other = cast.petersen(), cast.auditor()
    assert read.qualified(cursor(), [rep.id, other.id], cast.NOW) == {rep.id}
    assert read.qualified(cursor(), [rep.id], cast.NOW + 3 * cast.YEAR) == set()


def test_a_search_takes_every_word_in_name_or_practice() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()

    def found(text: str) -> list[str]:
        return [card.family_name for card in browse.listing(cursor(), cast.NOW, text=text, limit=5)]

    assert found("miri albr") == found("ALBRECHT hannover") == found("praxis albrecht") == ["Albrecht"]
    assert found("hannover") == ["Albrecht", "Kern"]
    assert found("albrecht kern") == found("%") == []
    assert found("") == ["Albrecht", "Kern"]
    assert {doctor.id, colleague.id} == {card.id for card in browse.listing(cursor(), cast.NOW, limit=5)}


def test_a_search_never_leaves_its_bounds() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    assert [card.id for card in browse.listing(cursor(), cast.NOW, persons=[doctor.id], limit=5)] == [doctor.id]
    assert browse.listing(cursor(), cast.NOW, text="kern", persons=[doctor.id], limit=5) == []
    assert browse.listing(cursor(), cast.NOW, persons=[], limit=5) == []
    assert len(browse.listing(cursor(), cast.NOW, persons=[doctor.id, colleague.id], limit=1)) == 1


def test_umlauts_are_found_however_they_are_typed() -> None:
    Person.objects.create(given_name="Nadine", family_name="Kühl", profession="mfa", created_at=cast.NOW)
    for text in ("kühl", "kuehl", "KÜHL"):
        assert [card.family_name for card in browse.listing(cursor(), cast.NOW, text=text, limit=5)] == ["Kühl"]
