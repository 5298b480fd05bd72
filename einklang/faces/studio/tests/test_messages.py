from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.tests.conftest import Enter, World, plans
from einklang.loop.gate import queue


def test_a_message_is_held_and_released_by_hand(enter: Enter, world: World) -> None:
    message, client = plans(), enter("service_agent")
    _post(client, message, "hold")
    assert queue.get(cursor(), message).state == "held"
    assert queue.get(cursor(), message).detail == "Von Hand angehalten: service_agent"
    _post(client, message, "release")
    assert queue.get(cursor(), message).state == "planned"
    _post(client, message, "withhold")
    assert queue.get(cursor(), message).state == "withheld"


def test_what_was_withheld_cannot_be_released(enter: Enter, world: World) -> None:
    assert world.mail.message is not None
    answer = _post(enter("service_agent"), world.mail.message, "release")
    page = answer.content.decode()
    assert "Die Nachricht hat ihren Zustand schon gewechselt." in page
    assert queue.get(cursor(), world.mail.message).state == "withheld"


def test_an_uncertain_message_is_shown_first_and_sent_again_only_by_hand(enter: Enter, world: World) -> None:
    message = plans()
    cursor().execute("UPDATE gate_message SET state = 'uncertain' WHERE id = %s", (message,))
    page = enter("service_agent").get(reverse("studio:messages")).content.decode()
    assert "Bei einer Nachricht weiß niemand, ob sie ankam." in page
    assert "Noch einmal senden" in page
    assert "Noch einmal senden" not in enter("auditor").get(reverse("studio:messages")).content.decode()


def test_the_list_is_narrowed_by_state(enter: Enter, world: World) -> None:
    for state, count in (("withheld", 1), ("sent", 0)):
        page = enter("auditor").get(reverse("studio:messages"), {"zustand": state}).content.decode()
        assert page.count("Dr. med. Miriam Albrecht") == count


def test_an_unknown_message_or_act_changes_nothing(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    assert client.post(reverse("studio:control", args=[ids.new()]), {"act": "hold"}).status_code == 404
    assert client.post(reverse("studio:control", args=[world.mail.message]), {"act": "burn"}).status_code == 400


def _post(client: Client, message: UUID, act: str) -> HttpResponse:
    return client.post(reverse("studio:control", args=[message]), {"act": act}, follow=True)  # type: ignore[return-value]
