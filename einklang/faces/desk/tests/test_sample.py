from __future__ import annotations

import re
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter
from einklang.facts.people.models import Person, Verification
from einklang.loop.interactions import log
from einklang.services.orders import read
from tests import cast

TOKEN = re.compile(r'name="token" value="([^"]+)"')


def ask(client: Client, person: Person, **changes: str | None) -> HttpResponse:
    page = client.get(reverse("desk:sample", args=[person.id])).content.decode()
    found = TOKEN.search(page)
    assert found
    given = {
        "token": found[1],
        "pack": str(cast.pack().id),
        "name": person.display_name,
        "signature": "M70 96L78 66L92 34",
        "own_request": "on",
        **changes,
    }
    form = {key: value for key, value in given.items() if value is not None}
    return client.post(reverse("desk:sample", args=[person.id]), form)  # type: ignore[return-value]


def test_one_pack_is_requested_with_a_signature(enter: Enter, doctor: Person) -> None:
    page = ask(enter(cast.petersen()), doctor).content.decode()
    assert "Die Anforderung ist angekommen." in page
    (order,) = read.of_persons(cursor(), [doctor.id])
    assert (order.quantity, order.signed_name, order.state) == (1, "Dr. med. Miriam Albrecht", "requested")
    (entry,) = log.person_history(cursor(), [doctor.id], kinds=["sample.requested"], limit=9)
    assert entry.properties["order"] == str(order.id)


def test_a_typed_name_does_where_nobody_can_draw(enter: Enter, doctor: Person) -> None:
    ask(enter(cast.petersen()), doctor, signature="")
    assert len(read.of_persons(cursor(), [doctor.id])) == 1


def test_a_double_click_requests_one_pack(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    for _ in range(2):
        ask(client, doctor, token="one-form")
    assert len(read.of_persons(cursor(), [doctor.id])) == 1


def test_DE_SAM_02_without_the_own_request_nothing_is_handed_over(enter: Enter, doctor: Person) -> None:
    answer = ask(enter(cast.petersen()), doctor, own_request=None)
    assert answer.status_code == 409
    assert "DE-SAM-02" in answer.content.decode()
    assert read.of_persons(cursor(), [doctor.id]) == []


def test_DE_SAM_03_the_third_pack_in_twelve_months_is_refused_with_a_date(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    for _ in range(2):
        assert ask(client, doctor).status_code == 200
    page = ask(client, doctor).content.decode()
    assert "DE-SAM-03" in page
    assert "2027" in page
    assert len(read.of_persons(cursor(), [doctor.id])) == 2


def test_DE_SAM_01_a_nurse_gets_no_prescription_sample(enter: Enter, doctor: Person) -> None:
    assert "DE-SAM-01" in ask(enter(cast.petersen()), cast.holtz()).content.decode()


def test_DE_SAM_01_a_lapsed_verification_counts_as_none(enter: Enter, doctor: Person) -> None:
    Verification.objects.filter(person=doctor).update(valid_until=TUESDAY - timedelta(days=1))
    assert "DE-SAM-01" in ask(enter(cast.petersen()), doctor).content.decode()


def test_a_signature_that_is_no_drawing_is_refused_and_the_entries_stay(enter: Enter, doctor: Person) -> None:
    page = ask(enter(cast.petersen()), doctor, signature="<script>", name="Miriam A.").content.decode()
    assert "Die Unterschrift ist nicht lesbar." in page
    assert "Miriam A." in page
    assert read.of_persons(cursor(), [doctor.id]) == []
