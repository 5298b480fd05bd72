"""Consent on the tablet: separate questions, the words that are kept, a proof, and the mail that asks to confirm."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter
from einklang.facts.consent import wordings
from einklang.facts.consent.proofs import history
from einklang.facts.consent.status import Status, status
from einklang.facts.people.models import Person
from einklang.loop.gate import browse
from tests import cast

ALL = ("email", "rep_visibility", "tracking", "mail_tracking", "phone")


@pytest.fixture
def client(enter: Enter, doctor: Person) -> Client:
    cast.opt_in_mail()
    return enter(cast.petersen())


def read(**ticked: str) -> dict[str, str]:
    texts = wordings.current_all(cursor(), ALL, "de", TUESDAY)
    return {f"read_{name}": str(texts[name].id) for name in ALL} | {f"may_{name}": on for name, on in ticked.items()}


def post(client: Client, doctor: Person, fields: dict[str, str]) -> tuple[int, str]:
    answer = client.post(reverse("desk:consent", args=[doctor.id]), fields)
    return answer.status_code, answer.content.decode()


def known(doctor: Person) -> dict[str, Status]:
    return status(cursor(), [doctor.id])[doctor.id]


def test_DE_CON_08_every_question_stands_by_itself_and_nothing_is_ticked(client: Client, doctor: Person) -> None:
    page = client.get(reverse("desk:consent", args=[doctor.id]), {"erlaubnis": "phone"}).content.decode()
    assert page.count('type="checkbox"') == len(ALL)
    assert "checked" not in page
    assert page.index("may_phone") < page.index("may_email")


def test_the_words_shown_are_the_words_kept_with_name_and_signature(client: Client, doctor: Person) -> None:
    drawn = {"name": "Miriam Albrecht", "signature": "M1 2L3 4", "grade": "topic"}
    assert post(client, doctor, read(phone="on", rep_visibility="on") | drawn)[0] == 302
    assert {name: each.state for name, each in known(doctor).items()} == {
        "phone": "granted",
        "rep_visibility": "granted",
    }
    assert known(doctor)["rep_visibility"].grade == "topic"
    proof = history(cursor(), doctor.id)[0]
    assert proof.source == "visit"
    assert str(proof.wording) == read()[f"read_{proof.permission}"]
    assert "M1 2L3 4" in (proof.evidence or "")


def test_email_waits_for_the_link_in_the_mail_and_needs_no_signature(client: Client, doctor: Person) -> None:
    assert post(client, doctor, read(email="on"))[0] == 302
    assert known(doctor)["email"].state == "pending"
    (mail,) = browse.listing(cursor(), person=doctor.id)
    assert (mail.purpose, mail.permission) == ("transactional", "email")


def test_without_proof_nothing_is_stored_and_the_ticks_stay(client: Client, doctor: Person) -> None:
    code, page = post(client, doctor, read(phone="on"))
    assert code == 200
    assert "Es fehlt der Nachweis" in page
    assert "checked" in page
    assert known(doctor) == {}


def test_a_text_that_changed_meanwhile_is_read_again(client: Client, doctor: Person) -> None:
    before = read(phone="on", tracking="on") | {"name": "Miriam Albrecht"}
    wordings.publish(cursor(), "phone", {"de": "Neuer Text.", "en": "New text."}, cast.NOW)
    code, page = post(client, doctor, before)
    assert code == 200
    assert "Der Text hat sich inzwischen geändert" in page
    assert known(doctor) == {}


def test_a_second_click_stores_nothing_more(client: Client, doctor: Person) -> None:
    sent = read(phone="on") | {"name": "Miriam Albrecht"}
    post(client, doctor, sent)
    post(client, doctor, sent)
    assert len(history(cursor(), doctor.id)) == 1


def test_the_missing_permission_is_one_tap_away(client: Client, doctor: Person) -> None:
    page = client.get(reverse("desk:person", args=[doctor.id])).content.decode()
    assert f'href="{reverse("desk:consent", args=[doctor.id])}?erlaubnis=mail_tracking"' in page
