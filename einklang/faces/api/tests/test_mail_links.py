from __future__ import annotations

import re
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from einklang.core import clock, tokens
from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.facts.consent import status
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.models import Person
from einklang.loop.channels.email import links
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.decide import insight
from einklang.loop.gate import door, queue, tasks
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry
from einklang.loop.profiles.fold import fold
from tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo", "on_saturday")]

STUDY = "/inhalt/velunor-studie"
FORGED = "eyJlIjpudWxsfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture
def on_saturday() -> None:
    clock.set_to(cursor(), cast.NOW.replace(day=21, hour=9))


def sent_to(person: Person, *permissions: str, version: ContentVersion | None = None) -> UUID:
    """The id of a mail that went out to her."""
    cast.product_article()
    cast.allow(person, "email", *permissions)
    version, now = version or cast.mail(), clock.now()
    question = Question(
        "send", Recipient("person", person.id), "email", "promotional", unit="marketing", content=version.id, at=now
    )
    (asked,) = door.ask(cursor(), [question], now=now, messages=[MessageSpec(version.id)])
    assert asked.message is not None
    return asked.message


def mail_of(message: UUID) -> EmailMessage:
    adapter = FakeAdapter()
    tasks.dispatch(clock.now(), {"email": adapter})
    (mime,) = (mail.mime for mail in adapter.sent if mail.id == message)
    return BytesParser(EmailMessage, policy=default).parsebytes(mime)


def path(address: str) -> str:
    assert address.startswith("http://localhost:8000/")
    return address.removeprefix("http://localhost:8000")


def addresses(mail: EmailMessage) -> list[str]:
    body = mail.get_body(("html",))
    assert isinstance(body, EmailMessage)
    return re.findall(r'(?:href|src)="([^"]+)"', str(body.get_content()))


def touched(person: Person) -> list[Entry]:
    history = log.person_history(cursor(), [person.id], limit=20)
    return [entry for entry in history if entry.kind in ("email.opened", "email.clicked")]


def email_consent(person: Person) -> str:
    return status.status(cursor(), [person.id])[person.id]["email"].state


def test_a_click_is_an_interaction_and_leads_to_the_portal_without_a_login(client: Client) -> None:
    person = cast.albrecht()
    message = sent_to(person, "mail_tracking")
    (link,) = [each for each in addresses(mail_of(message)) if "/m/c/" in each]
    answer = client.get(path(link))
    assert (answer.status_code, answer["Location"]) == (302, STUDY)
    assert not answer.cookies
    (entry,) = touched(person)
    assert (entry.kind, entry.message, entry.content) == ("email.clicked", message, cast.mail().id)
    assert entry.properties == {"link": "Zur Studie", "content_slug": "velunor-studie", "topics": [cast.TOPIC]}


def test_clicking_twice_on_one_day_is_one_interaction(client: Client) -> None:
    person = cast.albrecht()
    link = f"/m/c/{links.click_token(sent_to(person, 'mail_tracking'), 0)}"
    assert [client.get(link).status_code, client.get(link).status_code] == [302, 302]
    assert len(touched(person)) == 1


def test_opening_loads_a_picture_and_is_an_interaction(client: Client) -> None:
    person = cast.albrecht()
    (pixel,) = [each for each in addresses(mail_of(sent_to(person, "mail_tracking"))) if "/m/o/" in each]
    answer = client.get(path(pixel))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/gif")
    assert "no-store" in answer["Cache-Control"]
    assert [entry.kind for entry in touched(person)] == ["email.opened"]


def test_DE_TRK_02_after_a_withdrawal_links_still_lead_on_and_nothing_is_recorded(client: Client) -> None:
    person = cast.albrecht()
    message = sent_to(person, "mail_tracking")
    cast.withdraw(person, "mail_tracking", now=clock.now())
    assert client.get(f"/m/c/{links.click_token(message, 0)}")["Location"] == STUDY
    assert client.get(f"/m/o/{links.open_token(message)}.gif").status_code == 200
    assert touched(person) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; Barracuda Sentinel)"},
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
    ],
)
def test_what_a_machine_does_is_kept_as_a_machines_beside_what_she_does(client: Client, headers: Any) -> None:
    person = cast.albrecht()
    link = f"/m/c/{links.click_token(sent_to(person, 'mail_tracking'), 0)}"
    assert client.get(link, **headers).status_code == 302
    assert client.head(link).status_code == 302
    assert [entry.is_machine for entry in touched(person)] == [True]
    client.get(link)
    assert [entry.is_machine for entry in touched(person)] == [False, True], "her own click of that day is not lost"


def test_a_picture_that_is_loaded_ahead_is_not_an_opened_mail(client: Client) -> None:
    person = cast.albrecht()
    pixel = f"/m/o/{links.open_token(sent_to(person, 'mail_tracking'))}.gif"
    client.get(pixel, HTTP_USER_AGENT="Mozilla/5.0")
    (entry,) = touched(person)
    assert (entry.is_machine, entry.properties) == (True, {"machine": "mail-privacy"})


def test_a_machine_raises_no_interest_and_is_not_told_to_a_rep(client: Client) -> None:
    person = cast.albrecht()
    client.head(f"/m/c/{links.click_token(sent_to(person, 'mail_tracking'), 0)}")
    (entry,) = touched(person)
    assert fold({}, entry) == {}
    assert insight.visible([entry], "title") == []


def test_a_link_that_the_text_does_not_have_leads_home_and_is_not_recorded(client: Client) -> None:
    person = cast.albrecht()
    answer = client.get(f"/m/c/{links.click_token(sent_to(person, 'mail_tracking'), 7)}")
    assert answer["Location"] == "/"
    assert touched(person) == []


def test_DE_CON_07_one_click_withdraws_without_cookies_or_login() -> None:
    person = cast.albrecht()
    mail = mail_of(sent_to(person))
    address = path(str(mail["List-Unsubscribe"]).strip("<>"))
    robot = Client(enforce_csrf_checks=True)
    answer = robot.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 200
    assert not answer.cookies
    assert email_consent(person) == "withdrawn"
    assert robot.post(address).status_code == 200


def test_DE_CON_07_what_was_planned_is_withheld_at_once(client: Client) -> None:
    person = cast.albrecht()
    first, second = sent_to(person), sent_to(person)
    client.post(f"/m/u/{links.unsubscribe_token(first)}")
    assert queue.get(cursor(), second).state == "withheld"


def test_looking_at_the_unsubscribe_link_changes_nothing(client: Client) -> None:
    person = cast.albrecht()
    token = links.unsubscribe_token(sent_to(person))
    answer = client.get(f"/m/u/{token}")
    assert (answer.status_code, answer["Location"]) == (302, f"/abmelden/{token}")
    assert email_consent(person) == "granted"


def test_forged_links_are_refused_and_change_nothing(client: Client) -> None:
    person = cast.albrecht()
    message = sent_to(person, "mail_tracking")
    stop, click = links.unsubscribe_token(message), links.click_token(message, 0)
    for token in (FORGED, "x", stop[:-1] + ("A" if stop[-1] != "A" else "B"), click):
        assert client.post(f"/m/u/{token}").status_code == 400
    for token in (FORGED, stop):
        assert client.get(f"/m/c/{token}").status_code == 400
    assert client.get(f"/m/o/{FORGED}.gif").status_code == 200
    assert email_consent(person) == "granted"
    assert touched(person) == []


def test_a_token_for_another_purpose_is_no_mail_link(client: Client) -> None:
    other = tokens.sign("intake", {"m": str(new()), "k": "stop", "i": 0}, expires=None)
    assert client.post(f"/m/u/{other}").status_code == 400


def test_a_link_of_a_message_that_is_gone_leads_home(client: Client) -> None:
    assert client.get(f"/m/c/{links.click_token(new(), 0)}")["Location"] == "/"
    assert client.post(f"/m/u/{links.unsubscribe_token(new())}").status_code == 410


def test_DE_CON_07_a_mail_that_is_kept_no_more_still_unsubscribes(client: Client) -> None:
    person = cast.albrecht()
    address = path(mail_of(sent_to(person))["List-Unsubscribe"].strip("<>"))
    cursor().execute("DELETE FROM gate_message")
    assert client.post(address).status_code == 200
    assert email_consent(person) == "withdrawn"


def test_whom_nobody_knows_any_more_is_not_told_that_she_is_unsubscribed(client: Client) -> None:
    token = links.unsubscribe_token(new(), new())
    for answer, status_code in ((client.post(f"/m/u/{token}"), 410), (client.post(f"/abmelden/{token}"), 400)):
        assert answer.status_code == status_code
        assert "unsubscribed" not in answer.content.decode()
        assert "abgemeldet" not in answer.content.decode()


def test_a_click_leads_where_the_mail_in_its_reader_s_language_said(client: Client) -> None:
    person = cast.albrecht()
    german = {"label": "Zur Studie", "content_slug": "velunor-studie", "kind": "content"}
    english = {"label": "To the article", "content_slug": "herzinsuffizienz-praxis", "kind": "content"}
    words = cast.mail(slug="vorlage").body["de"]
    body = {"de": {**words, "links": [german]}, "en": {**words, "links": [english, german]}}
    mail = cast.frozen("zweisprachig", "mail", body, **cast._promotes(cast.velunor()), topics=[cast.TOPIC])
    Person.objects.filter(id=person.id).update(locale="en")
    message = sent_to(person, "mail_tracking", version=mail)
    (first, second) = [each for each in addresses(mail_of(message)) if "/m/c/" in each]
    assert client.get(path(first))["Location"] == "/inhalt/herzinsuffizienz-praxis"
    assert client.get(path(second))["Location"] == STUDY
