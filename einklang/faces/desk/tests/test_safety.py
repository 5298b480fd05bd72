from __future__ import annotations

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from einklang.faces.desk.tests.conftest import Enter
from einklang.facts.people.models import Person
from einklang.services.inquiries.models import SafetyReport
from tests import cast


def send(client: Client, **form: str) -> HttpResponse:
    return client.post(reverse("desk:safety"), {"token": "one-form", **form})  # type: ignore[return-value]


def test_one_sentence_is_enough_for_a_report(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    for _ in range(2):
        answer = send(client, statement="Schwindel nach der ersten Tablette.", person=str(doctor.id))
        assert answer.headers["Location"] == reverse("desk:today")
    report = SafetyReport.objects.get()
    assert (report.source, report.person, report.reported_by) == ("desk", doctor.id, cast.petersen().id)


def test_an_empty_report_says_what_is_missing_and_keeps_the_rest(enter: Enter, doctor: Person) -> None:
    page = send(enter(cast.petersen()), statement="", product="Velunor 10 mg").content.decode()
    assert "Es fehlt, was gesagt wurde." in page
    assert "Velunor 10 mg" in page
    assert not SafetyReport.objects.exists()


def test_a_report_about_somebody_of_another_territory_names_nobody(enter: Enter, doctor: Person) -> None:
    send(enter(cast.adler()), statement="Schwindel.", person=str(doctor.id))
    assert SafetyReport.objects.get().person is None


def test_a_forged_link_opens_the_empty_form(enter: Enter, doctor: Person) -> None:
    assert enter(cast.petersen()).get(reverse("desk:safety"), {"person": "' OR 1=1"}).status_code == 200
