"""What the tests of the door send, to whom and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from einklang.core.connection import cursor
from einklang.facts.content.models import ContentVersion
from einklang.facts.people.bench import doctors
from einklang.facts.people.models import Person
from einklang.loop.gate import door, outbox, queue
from einklang.loop.gate.door import Asked, MessageSpec
from einklang.loop.gate.question import Question, Recipient
from tests import cast

EARLY = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)  # Thursday 07:42 in Berlin, before the quiet hours end
NINE = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 19, 11, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


def reader(*permissions: str) -> Person:
    """Dr. Albrecht, who agreed to mail."""
    person = cast.albrecht()
    cast.product_article()
    cast.allow(person, "email", *permissions)
    return person


def asks(
    person: Person,
    content: ContentVersion,
    at: datetime = NOON,
    purpose: str = "promotional",
    permission: str | None = None,
) -> Question:
    return Question(
        "send",
        Recipient("person", person.id),
        "email",
        purpose,
        unit="marketing",
        content=content.id,
        permission=permission,
        at=at,
    )


def ask(
    person: Person,
    *,
    at: datetime = NOON,
    content: ContentVersion | None = None,
    purpose: str = "promotional",
    permission: str | None = None,
    **spec: Any,
) -> Asked:
    version = content or cast.mail()
    question = asks(person, version, at, purpose, permission)
    (asked,) = door.ask(cursor(), [question], now=at, messages=[MessageSpec(version.id, **spec)])
    return asked


def several(number: int, at: datetime = NOON) -> list[outbox.Message]:
    """To as many doctors, in the order in which they leave; no rule holds them back."""
    words = {"subject": "Ihre Anfrage", "greeting": "{salutation},", "paragraphs": ["Wir antworten."], "links": []}
    content = cast.frozen("antwort", "system_mail", {"de": words}, audience="public").id
    questions = [
        Question("send", Recipient("person", each), "email", "transactional", unit="support", content=content, at=at)
        for each in doctors(cursor(), number, at)
    ]
    asked = door.ask(cursor(), questions, now=at, messages=[MessageSpec(content)] * number)
    return sorted((message(each) for each in asked), key=lambda each: each.id)


def safety(at: datetime = NOON, **variables: Any) -> Asked:
    words = {
        "subject": "Sicherheitsmeldung {report}",
        "greeting": "Neue Meldung",
        "paragraphs": ["{statement}"],
        "links": [],
    }
    version = cast.frozen("safety-report", "system_mail", {"de": words}, audience="public")
    question = Question(
        "send",
        Recipient("mailbox", address="safety@aurelia.example"),
        "email",
        "safety",
        unit="support",
        content=version.id,
        at=at,
    )
    spec = MessageSpec(version.id, variables={"report": "R-7", "statement": "Schwindel", **variables})
    (asked,) = door.ask(cursor(), [question], now=at, messages=[spec])
    return asked


def message(asked: Asked) -> outbox.Message:
    assert asked.message is not None
    return queue.get(cursor(), asked.message)
