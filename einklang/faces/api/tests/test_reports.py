"""Reports of two mail services, in the form that their documentation shows."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID

import orjson
import pytest
from django.http import HttpResponse
from django.test import Client

from einklang.core.connection import cursor
from einklang.facts.consent import status
from einklang.facts.people.models import Person
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import queue, suppression, tasks
from einklang.loop.gate.tests.mails import NOON, ask, reader
from einklang.loop.interactions import log
from tests import cast

pytestmark = pytest.mark.django_db
SECRET, SIGNING_KEY = "postmark:only-for-tests", "key-only-for-tests"


@pytest.fixture(autouse=True)
def known_senders(settings: Any) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": SIGNING_KEY}


@pytest.fixture
def person() -> Person:
    return reader()


@pytest.fixture
def message(person: Person) -> UUID:
    """A mail that went out to her."""
    asked = ask(person)
    tasks.dispatch(NOON, {"email": FakeAdapter()})
    assert asked.message
    return asked.message


def post(client: Client, place: str, body: bytes, auth: str = SECRET) -> HttpResponse:
    coded = base64.b64encode(auth.encode()).decode()
    headers = {"Authorization": f"Basic {coded}"}
    answer = client.post(place, body, content_type="application/json", headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def postmark(client: Client, message: UUID, kind: str, *, auth: str = SECRET, **fields: Any) -> HttpResponse:
    body = {
        "RecordType": kind,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Recipient": "albrecht@praxis.example",
        "Email": "albrecht@praxis.example",
        "Metadata": {"message": str(message)},
        "ServerID": 23,
        "MessageStream": "broadcast",
        **fields,
    }
    return post(client, "/m/r/postmark", orjson.dumps(body), auth)


BOUNCE: dict[str, Any] = {
    "ID": 4323372036854775807,
    "Type": "HardBounce",
    "TypeCode": 1,
    "Name": "Hard bounce",
    "Description": "The server was unable to deliver your message (ex: unknown user, mailbox not found).",
    "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
    "BouncedAt": "2026-11-19T11:01:00Z",
    "DumpAvailable": True,
    "Inactive": True,
    "CanActivate": True,
}
COMPLAINT: dict[str, Any] = {
    "ID": 42,
    "Type": "SpamComplaint",
    "TypeCode": 512,
    "Name": "Spam complaint",
    "Description": "",
    "Details": "Test spam complaint details",
    "BouncedAt": "2026-11-19T11:01:00Z",
    "Inactive": True,
    "CanActivate": False,
}
UNSUBSCRIBED: dict[str, Any] = {
    "ChangedAt": "2026-11-19T11:01:00Z",
    "Origin": "Recipient",
    "SuppressSending": True,
    "SuppressionReason": "ManualSuppression",
}


def mailgun(client: Client, message: UUID, event: dict[str, Any], *, key: str = SIGNING_KEY) -> HttpResponse:
    token, timestamp = "f" * 50, "1795086060"
    signature = hmac.new(key.encode(), f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
    body = {
        "signature": {"token": token, "timestamp": timestamp, "signature": signature},
        "event-data": {
            "id": "G9Bn5sl1TC6nu79C8C0bwg",
            "timestamp": 1795086060.12,
            "recipient": "albrecht@praxis.example",
            "message": {"headers": {"message-id": f"{message}@localhost", "to": "albrecht@praxis.example"}},
            "user-variables": {},
            "tags": [],
            **event,
        },
    }
    return post(client, "/m/r/mailgun", orjson.dumps(body))


PERMANENT: dict[str, Any] = {
    "event": "failed",
    "severity": "permanent",
    "reason": "suppress-bounce",
    "delivery-status": {
        "attempt-no": 1,
        "code": 605,
        "message": "",
        "description": "Not delivering to previously bounced address",
    },
}
NO_MAILBOX: dict[str, Any] = {
    "event": "failed",
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 no mailbox", "description": ""},
}
FULL: dict[str, Any] = {
    "event": "failed",
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"code": 552, "message": "5.2.2 mailbox full", "description": ""},
}


def state(message: UUID) -> str:
    return queue.get(cursor(), message).state


def kinds(person: Person) -> list[str]:
    return sorted(entry.kind for entry in log.person_history(cursor(), [person.id], limit=20))


def consent(person: Person) -> str:
    return status.status(cursor(), [person.id])[person.id]["email"].state


def suppressed(person: Person) -> bool:
    return bool(suppression.among(cursor(), [person.email]))


def test_a_delivery_is_noted_once(client: Client, person: Person, message: UUID) -> None:
    for _ in range(2):
        answer = postmark(client, message, "Delivery", DeliveredAt="2026-11-19T11:01:00Z", Details="Test details")
        assert answer.status_code == 200
    assert state(message) == "delivered"
    assert kinds(person).count("email.sent") == 1


def test_a_mailbox_that_does_not_exist_gets_no_mail_any_more(client: Client, person: Person, message: UUID) -> None:
    for _ in range(2):
        postmark(client, message, "Bounce", **BOUNCE)
    assert state(message) == "failed"
    assert kinds(person) == ["email.bounced", "email.sent"]
    assert suppressed(person)
    assert consent(person) == "granted"


def test_a_full_mailbox_says_nothing_against_the_address(client: Client, person: Person, message: UUID) -> None:
    soft = BOUNCE | {"Type": "SoftBounce", "TypeCode": 4096, "Details": "smtp;552 5.2.2 Mailbox full"}
    postmark(client, message, "Bounce", **soft)
    assert state(message) == "failed"
    assert not suppressed(person)


def test_what_is_only_late_changes_nothing(client: Client, message: UUID) -> None:
    postmark(client, message, "Bounce", **BOUNCE | {"Type": "Transient"})
    assert state(message) == "sent"


@pytest.mark.parametrize(
    ("kind", "logged"), [("SpamComplaint", "email.complained"), ("SubscriptionChange", "email.unsubscribed")]
)
def test_who_wants_no_more_mail_has_withdrawn(
    client: Client, person: Person, message: UUID, kind: str, logged: str
) -> None:
    fields = {"SpamComplaint": COMPLAINT, "SubscriptionChange": UNSUBSCRIBED}[kind]
    waiting = ask(person, content=cast.mail(slug="noch-eine"))
    postmark(client, message, kind, **fields)
    assert consent(person) == "withdrawn"
    assert waiting.message is not None
    assert (state(waiting.message), state(message)) == ("withheld", "sent")
    assert kinds(person).count(logged) == 1


def test_a_report_that_comes_again_does_not_undo_a_new_consent(client: Client, person: Person, message: UUID) -> None:
    postmark(client, message, "SpamComplaint", **COMPLAINT)
    cast.allow(person, "email")
    postmark(client, message, "SpamComplaint", **COMPLAINT)
    assert consent(person) == "granted"


def test_opens_and_clicks_that_a_mail_service_measured_are_not_kept(
    client: Client, person: Person, message: UUID
) -> None:
    postmark(client, message, "Open", FirstOpen=True, ReceivedAt="2026-11-19T11:01:00Z", UserAgent="x")
    postmark(client, message, "Click", OriginalLink="https://portal.example", ReceivedAt="2026-11-19T11:01:00Z")
    assert kinds(person) == ["email.sent"]


@pytest.mark.parametrize(("event", "gone"), [(NO_MAILBOX, True), (FULL, False), (PERMANENT, False)])
def test_the_other_service_names_the_mail_by_its_message_id(
    client: Client, person: Person, message: UUID, event: dict[str, Any], gone: bool
) -> None:
    for _ in range(2):
        assert mailgun(client, message, event).status_code == 200
    assert state(message) == "failed"
    assert suppressed(person) is gone


@pytest.mark.parametrize(("event", "said"), [("delivered", "delivered"), ("complained", "sent"), ("opened", "sent")])
def test_the_other_service_reports_the_rest_as_well(client: Client, message: UUID, event: str, said: str) -> None:
    assert mailgun(client, message, {"event": event}).status_code == 200
    assert state(message) == said


def test_who_is_not_the_mail_service_changes_nothing(client: Client, message: UUID) -> None:
    assert postmark(client, message, "Bounce", auth="a:b", **BOUNCE).status_code == 400
    assert mailgun(client, message, NO_MAILBOX, key="another").status_code == 400
    assert state(message) == "sent"


def test_without_a_secret_there_is_no_such_address(client: Client, message: UUID, settings: Any) -> None:
    settings.ANYMAIL = {}
    assert postmark(client, message, "Bounce", **BOUNCE).status_code == 404
    assert mailgun(client, message, NO_MAILBOX).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"nonsense", b'{"RecordType": []}'])
def test_what_cannot_be_read_is_a_bad_request_or_nothing(client: Client, body: bytes) -> None:
    assert post(client, "/m/r/postmark", body).status_code in (200, 400)


@pytest.mark.parametrize("metadata", [{"message": "no id"}, {"message": str(UUID(int=7))}, {}])
def test_a_mail_that_we_do_not_know_is_nothing_to_us(client: Client, message: UUID, metadata: dict[str, str]) -> None:
    for kind, fields in (("Bounce", BOUNCE), ("SpamComplaint", COMPLAINT)):
        assert postmark(client, message, kind, **fields, Metadata=metadata).status_code == 200
    assert state(message) == "sent"
