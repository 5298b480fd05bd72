from __future__ import annotations

from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio import lists
from einklang.faces.studio.conftest import Enter, World, plans
from einklang.faces.studio.record import message_chart
from einklang.facts.audit import trail
from einklang.facts.content import read as content
from einklang.loop.gate import census, door, queue
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log
from tests import cast

WHY = "Die Studie wird gerade neu bewertet."


@pytest.mark.parametrize(("reason", "status", "told"), [(None, 200, "Warum sollen 2 Nachrichten warten?"),
                                                        ("Kurz", 422, "Der Grund ist zu kurz")])  # fmt: skip
def test_nothing_moves_without_its_reason(
    enter: Enter, world: World, reason: str | None, status: int, told: str
) -> None:
    chosen, client = [plans(), plans()], enter("service_agent")
    form = {"m": chosen, "act": "hold", "next": "/studio/nachrichten?zustand=planned"}
    answer = client.post(reverse("studio:control-many"), form | ({"reason": reason} if reason else {}))
    page = answer.content.decode()
    assert (answer.status_code, told in page) == (status, True)
    assert all(f'name="m" value="{each}"' in page for each in chosen)
    assert (f">{reason}</textarea>" in page) is bool(reason)
    assert 'href="/studio/nachrichten?zustand=planned"' in page
    assert {queue.get(cursor(), each).state for each in chosen} == {"planned"}


def test_a_message_is_held_and_released_by_hand(enter: Enter, world: World) -> None:
    message, client = plans(), enter("service_agent")
    _post(client, message, "hold")
    assert queue.get(cursor(), message).state == "held"
    assert queue.get(cursor(), message).detail == "by_hand"
    assert "Von Hand" in client.get(reverse("studio:message", args=[message])).content.decode()
    _post(client, message, "release")
    assert queue.get(cursor(), message).state == "planned"
    _post(client, message, "withhold")
    assert queue.get(cursor(), message).state == "withheld"


def test_where_there_are_many_the_page_says_when_they_were_counted_and_counts_no_list_to_its_end(
    enter: Enter, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans()
    monkeypatch.setattr(census, "FEW", 1)
    monkeypatch.setattr(lists, "COUNTABLE", 1)
    client, place = enter("service_agent"), reverse("studio:messages")
    assert "Gezählt vor" not in client.get(place).content.decode()
    census.count(cursor(), cast.NOW)
    page = client.get(place).content.decode()
    assert "Gezählt vor" in page
    assert "mehr als 1 gefunden" in page
    assert "2 von mehr als 1" in page
    assert "Gezählt vor" in enter("administrator").get(reverse("studio:health")).content.decode()
    assert "insgesamt, gezählt vor" in client.get(reverse("studio:overview")).content.decode()


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
        assert page.count("data-open") == count


def test_an_unknown_message_or_act_changes_nothing(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    assert client.post(reverse("studio:control", args=[ids.new()]), {"act": "hold"}).status_code == 404
    assert client.post(reverse("studio:control", args=[world.mail.message]), {"act": "burn"}).status_code == 400


def _post(client: Client, message: UUID, act: str) -> HttpResponse:
    return client.post(reverse("studio:control", args=[message]), {"act": act, "reason": WHY}, follow=True)  # type: ignore[return-value]


def test_many_are_held_at_once_and_the_way_back_is_offered(enter: Enter, world: World) -> None:
    chosen, client = [plans(), plans()], enter("service_agent")
    page = client.post(
        reverse("studio:control-many"), {"m": chosen, "act": "hold", "reason": WHY}, follow=True
    ).content.decode()
    assert "2 Nachrichten angehalten." in page
    assert "Rückgängig" in page
    assert {queue.get(cursor(), each).state for each in chosen} == {"held"}
    written = trail.listing(cursor(), limit=9, act="message.hold")
    assert {(each.object, each.old, each.new, each.reason) for each in written} == {
        (f"message:{m}", "planned", "held", WHY) for m in chosen
    }
    client.post(reverse("studio:control-many"), {"m": chosen, "act": "release", "reason": WHY})
    assert {queue.get(cursor(), each).state for each in chosen} == {"planned"}


def test_a_second_click_tells_that_it_is_done_already_and_writes_nothing(enter: Enter, world: World) -> None:
    message, client = plans(), enter("service_agent")
    _post(client, message, "hold")
    assert "hat ihren Zustand schon gewechselt" in _post(client, message, "hold").content.decode()
    assert len(trail.listing(cursor(), limit=9, act="message.hold")) == 1


@pytest.mark.parametrize("ticked", [[], ["unsinn"]])
def test_nothing_ticked_moves_nothing(enter: Enter, world: World, ticked: list[str]) -> None:
    answer = enter("service_agent").post(reverse("studio:control-many"), {"m": ticked, "act": "hold"}, follow=True)
    assert answer.status_code == (400 if ticked else 200)
    assert trail.listing(cursor(), limit=9) == []


def test_a_mail_is_shown_as_it_would_go_out_without_anything_that_counts_as_a_click(enter: Enter, world: World) -> None:
    message, client = plans(), enter("service_agent")
    page = client.get(reverse("studio:message", args=[message]))
    assert "So sähe sie heute aus" in page.content.decode()
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    mail = client.get(reverse("studio:mail", args=[message]))
    assert "Vertiefung Herzinsuffizienz" in mail.content.decode()
    assert "href=" not in mail.content.decode()
    assert "script-src" not in mail.headers["Content-Security-Policy"]
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_the_file_is_the_list(enter: Enter, world: World) -> None:
    plans()
    answer = enter("auditor").get(reverse("studio:messages"), {"zustand": "withheld", "als": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert [line.split(";")[-1] for line in lines[1:]] == [str(world.mail.message)]


@pytest.mark.parametrize(
    ("slug", "place"), [("password-reset", "reset_url"), ("invitation", "access_url"), ("opt-in", "confirm_url")]
)
def test_nobody_who_looks_at_a_mail_reads_the_key_that_it_carries(
    enter: Enter, world: World, slug: str, place: str
) -> None:
    key = "https://portal.example/passwort/eyJrZXkiOiJzZWNyZXQifQ"
    message, client = system_mail(slug, {place: key}), enter("service_agent")
    page = client.get(reverse("studio:message", args=[message])).content.decode()
    assert "Als Text" in page
    for shown in (page, client.get(reverse("studio:mail", args=[message])).content.decode()):
        assert "eyJrZXkiOiJzZWNyZXQifQ" not in shown


def test_nobody_who_looks_at_a_mail_reads_its_way_out(enter: Enter, world: World) -> None:
    page = enter("service_agent").get(reverse("studio:message", args=[plans()])).content.decode()
    assert "Als Text" in page
    assert "/abmelden/" not in page


@pytest.mark.parametrize("purpose", ["safety", "medical"])
def test_what_was_said_to_medical_or_drug_safety_is_not_read_among_the_messages(
    enter: Enter, world: World, purpose: str
) -> None:
    said = {"report": "r-1", "product": "Velunor", "heard_at": "–", "received_at": "–", "source": "desk"}
    message, client = system_mail("safety-report", {**said, "statement": "Luftnot nach drei Tagen"}), enter("auditor")
    cursor().execute("UPDATE gate_message SET purpose = %s WHERE id = %s", (purpose, message))
    page = client.get(reverse("studio:message", args=[message])).content.decode()
    assert "Nur Medizin und Arzneimittelsicherheit lesen diese Nachricht." in page
    for secret in ("Luftnot", "Sicherheitsmeldung"):
        assert secret not in page
    assert client.get(reverse("studio:mail", args=[message])).status_code == 404
    answer = client.get(reverse("studio:messages"), {"als": "csv"})
    assert "Sicherheitsmeldung" not in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def system_mail(slug: str, variables: dict[str, str]) -> UUID:
    mail = content.live(cursor(), [slug], cast.NOW)[slug]
    person = cast.kern()
    question = Question(
        "send", Recipient("person", person.id), "email", "transactional", content=mail.id, at=cast.NOW,
        permission="email" if slug == "opt-in" else None,
    )  # fmt: skip
    spec = door.MessageSpec(content=mail.id, variables=variables)
    (asked,) = door.ask(cursor(), [question], now=cast.NOW, messages=[spec])
    assert asked.message is not None
    return asked.message


def test_what_became_of_messages_is_drawn_by_day(world: World) -> None:
    plans()
    drawn = message_chart.chart(cursor(), cast.NOW, named=True)
    assert drawn
    assert len(drawn.columns) == message_chart.DAYS
    assert {each.name: each.values[-1] for each in drawn.series} == {"wartet": 1, "zurückgehalten": 1}
    assert "2 geplant, 1 davon zurückgehalten." in drawn.finding
    few = message_chart.chart(cursor(), cast.NOW, named=False)
    assert few
    assert not any(value for each in few.series for value in each.values), "under five is not told"
    assert "unter 5 geplant" in few.finding


def test_without_a_message_nothing_is_drawn(fresh_db: str) -> None:
    assert message_chart.chart(cursor(), cast.NOW, named=True) is None


def test_who_found_an_uncertain_message_in_the_servers_log_says_so_and_it_counts_as_sent(
    enter: Enter, world: World
) -> None:
    message, client = plans(), enter("service_agent")
    cursor().execute("UPDATE gate_message SET state = 'uncertain' WHERE id = %s", (message,))
    assert (
        "Woher wissen Sie"
        in client.post(reverse("studio:control", args=[message]), {"act": "arrived"}).content.decode()
    )
    page = _post(client, message, "arrived").content.decode()
    assert "Die Nachricht gilt als angekommen." in page
    assert "Rückgängig" not in page
    found = queue.get(cursor(), message)
    assert (found.state, found.detail) == ("sent", "by_hand")
    assert [entry.kind for entry in log.person_history(cursor(), [cast.kern().id], limit=5)] == ["email.sent"]
    (written,) = trail.listing(cursor(), limit=9, act="message.arrived")
    assert (written.old, written.new, written.reason) == ("uncertain", "sent", WHY)


def test_what_still_waits_cannot_have_arrived(enter: Enter, world: World) -> None:
    message = plans()
    assert "hat ihren Zustand schon gewechselt" in _post(enter("service_agent"), message, "arrived").content.decode()
    assert queue.get(cursor(), message).state == "planned"
