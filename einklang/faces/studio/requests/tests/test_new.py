"""A data steward takes down what came by letter or phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.facts.audit import trail
from einklang.facts.people.models import Person
from einklang.services.privacy import cases
from einklang.services.privacy.cases import Case
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return cast.albrecht()


@pytest.fixture
def steward(enter: Enter) -> Client:
    return enter("data_steward")


def address(person: Person) -> str:
    return reverse("studio:request-new", args=[person.id])


def filled_in(client: Client, person: Person, **changes: str) -> dict[str, str]:
    form = client.get(address(person)).context["form"]
    known = {bound.name: str(bound.value() or "") for bound in form}
    return known | {"kind": "access", "source": "letter", "identity": "address"} | changes


def send(client: Client, person: Person, given: dict[str, str], act: str) -> str:
    return client.post(address(person), given | {"act": act}, follow=True).content.decode()


def open_cases(person: Person) -> list[Case]:
    return cases.of_person(cursor(), person.id)


def test_the_person_is_found_and_nobody_is_an_answer_too(steward: Client, person: Person) -> None:
    found = steward.get(reverse("studio:request-find"), {"q": "albr"}).content.decode()
    assert address(person) in found
    assert (
        "dass nichts gespeichert ist" in steward.get(reverse("studio:request-find"), {"q": "niemand"}).content.decode()
    )


def test_nothing_is_stored_before_the_second_step(steward: Client, person: Person) -> None:
    given = filled_in(steward, person, received="2026-11-10", message="Was wissen Sie?")
    page = send(steward, person, given, "look")
    assert "Stimmt das so?" in page
    assert "10.\xa0Dezember\xa02026" in page
    assert open_cases(person) == []
    assert "Was wissen Sie?" in send(steward, person, given, "change")


def test_what_was_taken_down_is_due_a_month_after_it_came_and_stands_in_the_audit_log(
    steward: Client, person: Person
) -> None:
    given = filled_in(steward, person, received="2026-11-10")
    for _ in range(2):
        assert "ist aufgenommen" in send(steward, person, given, "open")
    (case,) = open_cases(person)
    assert (case.kind, case.source, case.identity, f"{case.due}") == ("access", "letter", "address", "2026-12-10")
    (entry,) = trail.listing(cursor(), limit=9, act=cases.OPENED)
    assert (entry.object, entry.new["case"]) == (f"person:{person.id}", str(case.id))


def test_a_correction_shows_what_is_and_what_shall_be(steward: Client, person: Person) -> None:
    given = filled_in(steward, person, kind="correction", phone="0511 987")
    assert "0511 987" in send(steward, person, given, "look")
    send(steward, person, given, "open")
    assert open_cases(person)[0].wishes == {"phone": "0511 987"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("kind", ""), ("source", ""), ("identity", ""), ("received", "gestern"), ("message", "x" * 2001)],
)
def test_what_is_missing_is_said_at_its_field_and_the_rest_stays(
    steward: Client, person: Person, field: str, value: str
) -> None:
    given = filled_in(steward, person, message="Ein Brief kam.") | {field: value}
    page = send(steward, person, given, "open")
    assert f'id="id_{field}-error"' in page
    assert field == "message" or "Ein Brief kam." in page
    assert open_cases(person) == []


def test_a_letter_of_tomorrow_and_a_wrong_address_are_refused(steward: Client, person: Person) -> None:
    tomorrow = f"{timezone.localtime(cast.NOW) + timedelta(days=9):%Y-%m-%d}"
    assert 'id="id_received-error"' in send(steward, person, filled_in(steward, person, received=tomorrow), "look")
    wrong = filled_in(steward, person, kind="correction", email="keine-adresse")
    assert 'id="id_email-error"' in send(steward, person, wrong, "look")


def test_of_two_stewards_the_second_is_told(steward: Client, person: Person) -> None:
    first, second = filled_in(steward, person), filled_in(steward, person)
    send(steward, person, first, "open")
    assert "schon ein offener Antrag" in send(steward, person, second, "open")
    changed = filled_in(steward, person, kind="correction", phone="1")
    Person.objects.filter(pk=person.id).update(phone="2")
    assert "inzwischen geändert" in send(steward, person, changed, "open")


def test_the_copy_is_handed_out_on_paper_and_that_is_written_down(steward: Client, person: Person) -> None:
    send(steward, person, filled_in(steward, person), "open")
    (case,) = open_cases(person)
    copy = steward.post(reverse("studio:request-copy", args=[case.id]), {"form": "pdf"})
    assert copy.content.startswith(b"%PDF")
    assert len(trail.listing(cursor(), limit=9, act="person.exported")) == 1
    done = {"act": "accept", "version": "1", "answer": "Liegt dem Brief bei."}
    page = steward.post(reverse("studio:request", args=[case.id]), done, follow=True).content.decode()
    assert "erledigt" in page
    assert steward.post(reverse("studio:request-copy", args=[case.id]), {"form": "pdf"}).status_code == 400


def test_who_only_reads_takes_nothing_down(enter: Enter, person: Person) -> None:
    assert enter("auditor").get(address(person)).status_code == 403
    assert "Antrag aufnehmen" not in enter("auditor").get(reverse("studio:requests")).content.decode()
