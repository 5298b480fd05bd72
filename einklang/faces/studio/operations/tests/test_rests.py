from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.faces.studio.conftest import Enter, World
from einklang.facts.audit import trail
from einklang.loop.channels.contract import Receipt
from einklang.loop.gate import rests
from einklang.loop.gate.rests import Run
from tests import cast

SERVERS = {"email": "mail.aurelia.example:587"}
HEALTH, TRY = reverse("studio:health"), reverse("studio:channel-try", args=["email"])


@pytest.fixture
def at_rest(world: World) -> None:
    run = Run("email", SERVERS["email"])
    for _ in range(3):
        run.hear(Receipt(new(), "uncertain", cast.NOW, "SMTPServerDisconnected: Connection unexpectedly closed"))
    rests.settle(cursor(), run, cast.NOW)


@pytest.mark.usefixtures("at_rest")
def test_a_channel_that_rests_is_told_with_why_until_when_and_what_to_do(enter: Enter) -> None:
    page = enter("administrator").get(HEALTH).content.decode()
    for told in (
        "Nachrichten gehen gerade nicht hinaus.",
        "ruht seit",
        "Der Mailserver bricht ab, nachdem er die Mail bekommen hat.",
        "über die ungewissen Nachrichten entscheiden Menschen",
        "mail.aurelia.example:587",
        "Nächster Versuch mit einer Nachricht:",
        "Connection unexpectedly closed",
        "Jetzt versuchen",
    ):
        assert told in page
    assert "Alles läuft." not in page
    assert "ruht" in enter("administrator").get(reverse("studio:overview")).content.decode()
    assert "ruht seit" in enter("service_agent").get(reverse("studio:messages")).content.decode()


@pytest.mark.usefixtures("at_rest")
def test_who_may_send_messages_tries_at_once_and_it_stands_in_the_audit_log(enter: Enter) -> None:
    assert rests.begin(cursor(), SERVERS, cast.NOW) == []
    page = enter("service_agent").post(TRY, follow=True).content.decode()
    assert "Die nächste fällige Nachricht wird versucht." in page
    assert "Die nächste fällige Nachricht ist der Versuch." in page
    assert [run.tries for run in rests.begin(cursor(), SERVERS, cast.NOW)] == [True]
    assert [each.object for each in trail.listing(cursor(), limit=5, act="channel.try")] == ["channel:email"]


@pytest.mark.usefixtures("at_rest")
def test_who_only_reads_has_no_button_and_no_act(enter: Enter) -> None:
    client = enter("auditor")
    assert "Jetzt versuchen" not in client.get(HEALTH).content.decode()
    assert client.post(TRY).status_code == 403


def test_a_channel_that_sends_is_not_tried(enter: Enter, world: World) -> None:
    page = enter("administrator").post(TRY, follow=True).content.decode()
    assert "Dieser Kanal ruht nicht." in page
    assert trail.listing(cursor(), limit=5, act="channel.try") == []


@pytest.mark.usefixtures("at_rest")
def test_after_it_went_through_nobody_is_told_any_more(enter: Enter) -> None:
    later = cast.NOW + timedelta(minutes=1)
    (run,) = rests.begin(cursor(), SERVERS, later)
    run.hear(Receipt(new(), "sent", later))
    rests.settle(cursor(), run, later)
    assert "ruht" not in enter("administrator").get(HEALTH).content.decode()
