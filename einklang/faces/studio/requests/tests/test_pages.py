from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.faces.studio.conftest import Enter
from einklang.facts.people.models import Person
from einklang.services.privacy import cases, rights
from tests import cast

NOW = cast.NOW
pytestmark = pytest.mark.django_db


def asked(person: Person, kind: cases.Kind = "correction", days: int = 0) -> UUID:
    wishes = {"phone": "0511 123"} if kind == "correction" else {}
    received = NOW - timedelta(days=days)
    return cases.ask(cursor(), person=person.id, kind=kind, wishes=wishes, message="", token=str(new()), now=received)


def address(case: UUID) -> str:
    return reverse("studio:request", args=[case])


def test_without_a_request_the_page_says_what_will_stand_there(enter: Enter) -> None:
    assert "Kein Antrag" in enter("data_steward").get(reverse("studio:requests")).content.decode()


def test_what_is_due_within_a_week_rings(enter: Enter) -> None:
    asked(cast.albrecht(), days=25)
    asked(cast.kern())
    page = enter("data_steward").get(reverse("studio:requests")).content.decode()
    assert "Ein Antrag ist bald fällig" in page
    assert page.index("Albrecht") < page.index("Kern")


def test_the_steward_sees_what_is_and_what_shall_be(enter: Enter) -> None:
    page = enter("data_steward").get(address(asked(cast.albrecht()))).content.decode()
    assert "Telefon" in page
    assert "0511 123" in page


def test_a_correction_is_done_with_one_click(enter: Enter) -> None:
    person = cast.albrecht()
    case = asked(person)
    answer = enter("data_steward").post(address(case), {"act": "accept", "version": "1", "answer": ""})
    assert answer.status_code == 302
    assert Person.objects.get(pk=person.id).phone == "0511 123"


def test_the_second_of_two_stewards_is_told_and_keeps_what_she_wrote(enter: Enter) -> None:
    case = asked(cast.albrecht())
    client = enter("data_steward")
    client.post(address(case), {"act": "extend", "version": "1", "answer": "Drei Systeme."})
    page = client.post(address(case), {"act": "refuse", "version": "1", "answer": "Kein Nachweis."}).content.decode()
    assert "inzwischen bearbeitet" in page
    assert "Kein Nachweis." in page
    assert 'name="version" value="2"' in page
    assert cases.get(cursor(), case).state == "open"


def test_a_refusal_without_a_reason_is_sent_back_to_its_field(enter: Enter) -> None:
    case = asked(cast.albrecht())
    page = enter("data_steward").post(address(case), {"act": "refuse", "version": "1", "answer": ""}).content.decode()
    assert 'id="id_answer-error"' in page


def test_an_erasure_says_beforehand_and_afterwards_what_becomes_of_each_class(enter: Enter) -> None:
    person = cast.albrecht()
    cast.allow(person, "email")
    case = asked(person, "erasure")
    client = enter("data_steward")
    assert "gesperrt bis 19.\xa0November\xa02031" in client.get(address(case)).content.decode()
    client.post(address(case), {"act": "accept", "version": "1", "answer": ""})
    page = client.get(address(case)).content.decode()
    assert "Gelöschte Person" in page
    assert "DE-CON-06" in page
    assert not Person.objects.filter(pk=person.id).exists()


def test_who_only_reads_decides_nothing(enter: Enter) -> None:
    case = asked(cast.albrecht())
    answer = enter("auditor").post(address(case), {"act": "accept", "version": "1", "answer": ""})
    assert answer.status_code == 403
    assert cases.get(cursor(), case).state == "open"


@pytest.mark.parametrize(
    ("role", "status"), [("data_steward", 200), ("auditor", 200), ("marketing", 403), ("administrator", 403)]
)
def test_the_proof_of_a_consent_is_for_steward_and_auditor(enter: Enter, role: str, status: int) -> None:
    (entry,) = cast.allow(cast.albrecht(), "email")
    assert enter(role).get(reverse("studio:proof", args=[entry])).status_code == status


def test_the_sample_ledger_can_be_read_when_the_person_is_erased(enter: Enter, world: object) -> None:
    rights.erase(cursor(), person=Person.objects.get(family_name="Albrecht").id, by=None, now=NOW)
    client = enter("service_agent")
    assert client.get(reverse("studio:orders")).status_code == 200
