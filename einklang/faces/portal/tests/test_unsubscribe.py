from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.consent.status import status
from einklang.facts.people.models import Person
from einklang.loop.channels.email import links
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient
from einklang.ui import places
from tests import cast

pytestmark = pytest.mark.django_db


def sent_to(doctor: Person) -> UUID:
    mail = cast.mail()
    question = Question(
        "send", Recipient("person", doctor.id), "email", "promotional", unit="marketing", content=mail.id, at=cast.NOW
    )
    spec = door.MessageSpec(content=mail.id)
    (asked,) = door.ask(cursor(), [question], now=cast.NOW, messages=[spec])
    assert asked.message
    return asked.message


def state(doctor: Person) -> str:
    return status(cursor(), [doctor.id])[doctor.id]["email"].state


def test_the_link_shows_one_button_and_the_button_ends_it_without_a_login(client: Client) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "email")
    path = places.UNSUBSCRIBE.path(links.unsubscribe_token(sent_to(doctor)))
    page = client.get(path)
    assert page.status_code == 200
    assert page.content.decode().count('<button class="btn main">') == 1
    assert state(doctor) == "granted"
    assert client.post(path).status_code == 200
    assert state(doctor) == "withdrawn"


@pytest.mark.parametrize(
    "token", ["forged", "forged.token", links.open_token(ids.new()), links.unsubscribe_token(ids.new())]
)
def test_a_forged_link_changes_nothing_and_says_what_to_do(client: Client, token: str) -> None:
    for answer in (client.get(f"/abmelden/{token}"), client.post(f"/abmelden/{token}")):
        assert answer.status_code == 400
        assert "Es wurde nichts geändert." in answer.content.decode()
