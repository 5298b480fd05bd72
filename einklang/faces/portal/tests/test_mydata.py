from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.faces.portal.tests.conftest import Enter
from einklang.facts.people.models import Person
from einklang.loop.gate import door
from einklang.services.privacy import cases
from tests import cast

NOW = cast.NOW
pytestmark = pytest.mark.django_db


def form_of(client: Client, name: str) -> dict[str, str]:
    page = client.get(reverse(f"portal:{name}")).content.decode()
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
    values = re.findall(r'type="text" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in [*values, *hidden] if name != "csrfmiddlewaretoken"}


def correction(client: Client, **changes: str) -> dict[str, str]:
    return {**form_of(client, "mydata_correct"), "salutation": "Frau", "locale": "de", "message": "", **changes}


def test_the_page_names_each_class_with_purpose_source_and_time_limit(enter: Enter) -> None:
    page = enter(cast.albrecht()).get(reverse("portal:mydata")).content.decode()
    for words in ("Lesen im Portal und in E-Mails", "13 Monate, danach nur noch gezählt", "AUR-RET-01", "DE-SAM-12"):
        assert words in page


def test_it_says_what_the_rep_sees_and_who_looked(enter: Enter) -> None:
    person, rep = cast.albrecht(), cast.petersen()
    cast.allow(person, "rep_visibility", grade="topic")
    door.disclose(cursor(), rep=rep.id, person=person.id, now=NOW, fields=("interests",))
    page = enter(person).get(reverse("portal:mydata")).content.decode()
    assert page.count("Jonas Petersen") == 2
    assert "sah: nur Thema und Monat" in page


def test_nothing_stored_is_said_in_words(enter: Enter) -> None:
    page = enter(cast.holtz()).get(reverse("portal:mydata")).content.decode()
    assert "Niemand im Außendienst betreut Sie" in page
    assert "Bisher hat niemand nachgesehen" in page


def test_the_copy_comes_as_json_and_as_pdf(enter: Enter) -> None:
    client = enter(cast.albrecht())
    told = client.post(reverse("portal:mydata_copy"), {"form": "json"})
    assert json.loads(told.content)["classes"][0]["records"]["record"]["family_name"] == "Albrecht"
    assert "meine-daten-2026-11-19.json" in told.headers["Content-Disposition"]
    assert client.post(reverse("portal:mydata_copy"), {"form": "pdf"}).content.startswith(b"%PDF")
    assert client.post(reverse("portal:mydata_copy"), {"form": "exe"}).status_code == 404


def test_a_correction_asks_for_what_differs_only(enter: Enter) -> None:
    person = cast.albrecht()
    client = enter(person)
    client.post(reverse("portal:mydata_correct"), correction(client, phone="0511 123"))
    (case,) = cases.of_person(cursor(), person.id)
    assert (case.kind, case.wishes) == ("correction", {"phone": "0511 123"})


def test_a_wrong_address_is_named_at_its_field_and_the_input_stays(enter: Enter) -> None:
    client = enter(cast.albrecht())
    answer = client.post(reverse("portal:mydata_correct"), correction(client, email="niemand", phone="0511 9"))
    page = answer.content.decode()
    assert 'id="id_email-error"' in page
    assert 'value="niemand"' in page
    assert 'value="0511 9"' in page


def test_who_corrects_what_was_corrected_meanwhile_is_told_and_loses_nothing(enter: Enter) -> None:
    person = cast.albrecht()
    client = enter(person)
    typed = correction(client, phone="0511 123")
    Person.objects.filter(pk=person.id).update(phone="0511 777")
    page = client.post(reverse("portal:mydata_correct"), typed).content.decode()
    assert "inzwischen geändert" in page
    assert 'value="0511 123"' in page
    assert cases.of_person(cursor(), person.id) == []


def test_a_double_click_asks_once(enter: Enter) -> None:
    person = cast.albrecht()
    client = enter(person)
    typed = correction(client, phone="0511 123")
    for _ in range(2):
        assert client.post(reverse("portal:mydata_correct"), typed).status_code == 302
    assert len(cases.of_person(cursor(), person.id)) == 1


def test_an_erasure_shows_beforehand_what_happens_to_each_class(enter: Enter) -> None:
    person = cast.albrecht()
    cast.allow(person, "email")
    page = enter(person).get(reverse("portal:mydata_erase")).content.decode()
    assert "gesperrt aufbewahrt bis 19.\xa0November\xa02031" in page
    assert "DE-CON-06" in page
    assert Person.objects.filter(pk=person.id).exists()


def test_an_erasure_needs_the_tick(enter: Enter) -> None:
    person = cast.albrecht()
    answer = enter(person).post(reverse("portal:mydata_erase"), {"token": str(new()), "message": "Ruhestand"})
    assert "Es fehlt das Häkchen" in answer.content.decode()
    assert "Ruhestand" in answer.content.decode()
    assert cases.of_person(cursor(), person.id) == []


def test_after_the_erasure_the_kept_address_says_what_happened(enter: Enter) -> None:
    person, steward = cast.albrecht(), cast.staff("data_steward")
    cast.allow(person, "email")
    asked = enter(person).post(reverse("portal:mydata_erase"), {"token": str(new()), "message": "", "understood": "on"})
    (link,) = re.findall(r'href="(/geloescht/[^"]+)"', asked.content.decode())
    assert "noch in Arbeit" in Client().get(link).content.decode()
    (case,) = cases.of_person(cursor(), person.id)
    cases.accept(cursor(), case=case.id, version=1, answer="", by=steward.id, now=NOW)
    page = Client().get(link).content.decode()
    assert "Ihre Daten sind gelöscht" in page
    assert "DE-CON-06" in page
    assert "Albrecht" not in page


def test_a_request_is_taken_back(enter: Enter) -> None:
    person = cast.albrecht()
    client = enter(person)
    client.post(reverse("portal:mydata_correct"), correction(client, phone="0511 123"))
    (case,) = cases.of_person(cursor(), person.id)
    client.post(reverse("portal:mydata_take_back", args=[case.id]))
    assert cases.get(cursor(), case.id).state == "taken_back"


def test_nobody_takes_back_what_somebody_else_asked_for(enter: Enter) -> None:
    case = cases.ask(cursor(), person=cast.kern().id, kind="erasure", wishes={}, message="", token="x", now=NOW)
    assert enter(cast.albrecht()).post(reverse("portal:mydata_take_back", args=[case])).status_code == 404


def test_a_forged_address_tells_nothing() -> None:
    assert Client().get(reverse("portal:mydata_outcome", args=["abc.def"])).status_code == 404
