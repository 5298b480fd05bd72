from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter
from einklang.facts.people.models import Person
from einklang.loop.channels.visit import reports
from tests import cast

TOMORROW = TUESDAY + timedelta(days=1)


def send(enter: Enter, person: Person, at: str) -> HttpResponse:
    return enter(cast.petersen()).post(reverse("desk:plan", args=[person.id]), {"at": at})  # type: ignore[return-value]


def test_an_arranged_visit_stands_on_the_day_and_on_the_page(enter: Enter, doctor: Person) -> None:
    answer = send(enter, doctor, timezone.localtime(TOMORROW).strftime("%Y-%m-%dT%H:%M"))
    assert answer.headers["Location"] == reverse("desk:person", args=[doctor.id])
    assert [each.at for each in reports.listing(cursor(), person=doctor.id)] == [TOMORROW]
    client = enter(cast.petersen())
    for page in (reverse("desk:today"), reverse("desk:person", args=[doctor.id])):
        assert "25.\u00a0Nov." in client.get(page).content.decode()


def test_DE_CON_11_with_somebody_who_objected_nothing_is_arranged(enter: Enter, doctor: Person) -> None:
    cast.object_to(doctor, "visit")
    answer = send(enter, doctor, "2026-11-25T10:30")
    assert answer.status_code == 409
    assert "Dr. Albrecht" in answer.content.decode()
    assert "DE-CON-11" in answer.content.decode()
    assert reports.listing(cursor(), person=doctor.id) == []


def test_a_visit_cannot_be_arranged_for_the_past(enter: Enter, doctor: Person) -> None:
    for wrong in ("2026-11-23T10:30", "2031-01-01T10:30", "", "morgen"):
        assert 'class="err"' in send(enter, doctor, wrong).content.decode()
    assert reports.listing(cursor(), person=doctor.id) == []
