from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.facts.consent import preferences, proofs, verify, wordings
from einklang.facts.consent import status as consent
from einklang.facts.consent.preferences import Preference
from einklang.facts.people.errors import LockError
from einklang.facts.people.models import Person
from einklang.loop.interactions import log
from einklang.services.privacy import acts
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


def wording(permission: str, locale: str = "de") -> UUID:
    found = wordings.current(cursor(), permission, locale, NOW)
    assert found is not None
    return found.id


def grant(person: Person, permission: str, grade: str | None = None, locale: str = "de") -> UUID:
    return acts.grant(
        cursor(),
        person=person.id,
        permission=permission,
        grade=grade,
        wording=wording(permission, locale),
        evidence={"form": "/einwilligung"},
        now=NOW,
    )


def test_DE_CON_04_a_grant_keeps_the_words_their_language_and_the_proof() -> None:
    doctor = cast.albrecht()
    grant(doctor, "tracking", locale="en")
    (proof,) = proofs.history(cursor(), doctor.id)
    assert (proof.state, proof.locale, proof.wording_version) == ("granted", "en", 1)
    assert proof.wording_text is not None
    assert "portal" in proof.wording_text
    assert proof.evidence == '{"form":"/einwilligung"}'


def test_the_same_grant_again_writes_nothing() -> None:
    doctor = cast.albrecht()
    assert grant(doctor, "tracking") == grant(doctor, "tracking")
    assert len(proofs.history(cursor(), doctor.id)) == 1


def test_another_grade_is_another_grant() -> None:
    doctor = cast.albrecht()
    grant(doctor, "rep_visibility", "title")
    grant(doctor, "rep_visibility", "topic")
    assert consent.status(cursor(), [doctor.id])[doctor.id]["rep_visibility"].grade == "topic"
    history = log.person_history(cursor(), [doctor.id], limit=10)
    assert [entry.properties["grade"] for entry in history] == ["topic", "title"]


def test_DE_CON_05_email_is_not_granted_without_confirmation() -> None:
    doctor = cast.albrecht()
    with pytest.raises(InputError):
        grant(doctor, "email")
    assert proofs.history(cursor(), doctor.id) == []


def test_words_of_another_permission_prove_nothing() -> None:
    with pytest.raises(InputError):
        acts.grant(
            cursor(),
            person=cast.albrecht().id,
            permission="tracking",
            wording=wording("mail_tracking"),
            evidence={},
            now=NOW,
        )


def test_nobody_grants_for_somebody_unknown() -> None:
    with pytest.raises(LockError):
        acts.grant(cursor(), person=ids.new(), permission="tracking", wording=wording("tracking"), evidence={}, now=NOW)


def test_a_wish_is_kept_and_told_once() -> None:
    doctor = cast.albrecht()
    wish = Preference("monthly", NOW + timedelta(days=30))
    for _ in range(2):
        acts.prefer(cursor(), person=doctor.id, preference=wish, now=NOW)
    assert preferences.read(cursor(), [doctor.id]) == {doctor.id: wish}
    history = log.person_history(cursor(), [doctor.id], limit=10)
    assert [entry.properties["state"] for entry in history] == ["monthly"]


def test_an_unknown_frequency_is_refused() -> None:
    with pytest.raises(InputError):
        acts.prefer(cursor(), person=cast.albrecht().id, preference=Preference("hourly"), now=NOW)


def test_the_ledger_stays_whole_over_all_acts() -> None:
    doctor = cast.albrecht()
    grant(doctor, "tracking")
    acts.withdraw(cursor(), person=doctor.id, permission="tracking", evidence={}, now=NOW)
    acts.object_to(cursor(), person=doctor.id, permission="visit", evidence={}, now=NOW)
    assert verify.verify(cursor()) is None
