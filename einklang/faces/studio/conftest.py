from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import store
from einklang.loop.decide.tests.documents import story
from einklang.loop.gate import door
from einklang.loop.gate.door import Asked, MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log, make
from einklang.services.orders import request
from tests import cast

Enter = Callable[[str], Client]


@dataclass(frozen=True)
class World:
    """A doctor without consent for e-mail: an article read, a mail withheld, a sample requested, a journey."""

    person: Person
    mail: Asked
    order: UUID
    journey: UUID


@pytest.fixture(autouse=True)
def story_time(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda cur=None: cast.NOW)
    return cast.NOW


@pytest.fixture
def enter() -> Enter:
    """A browser in which somebody with this role is logged in."""

    def logged_in(role: str) -> Client:
        client = Client()
        client.force_login(cast.staff(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


@pytest.fixture
def world(db: None) -> World:
    person = cast.albrecht()
    cast.product_article()
    version = store.publish(cursor(), mail_journey(), cast.administrator().id, cast.NOW)
    journey = next(row.id for row in store.listing(cursor()) if row.version == version)
    reads(person)
    return World(person, asks_to_send(person), requests(person), journey)


def mail_journey() -> dict[str, object]:
    cast.mail()
    return story()


def reads(person: Person, **changes: Any) -> None:
    properties = {"content_slug": "herzinsuffizienz-praxis", "topics": [cast.TOPIC], "title": "Herzinsuffizienz"}
    told = make.interaction(
        "content.viewed", now=cast.NOW, source="test", person=person.id, properties=properties, **changes
    )
    log.record(cursor(), [told])


def asks_to_send(person: Person) -> Asked:
    mail = cast.mail()
    question = Question(
        "send",
        Recipient("person", person.id),
        "email",
        "promotional",
        unit="marketing",
        content=mail.id,
        at=cast.NOW,
    )
    (asked,) = door.ask(cursor(), [question], now=cast.NOW, messages=[MessageSpec(mail.id)])
    return asked


def requests(person: Person) -> UUID:
    wish = request.Wish(
        person=person.id, pack=cast.pack().id, quantity=1, channel="visit", user=cast.petersen().id
    )  # fmt: skip
    signed = request.Signed(
        token="form-1", name="Dr. Miriam Albrecht", signature="M0 0L9 9", text_shown="Ich fordere an."
    )
    ordered = request.request(cursor(), wish, signed, cast.NOW)
    assert ordered.order is not None, [
        reason.text("de") for reason in (ordered.verdict.decisive if ordered.verdict else [])
    ]
    return ordered.order


def plans() -> UUID:
    """A message to a doctor who agreed to mail; it waits for the end of the quiet hours."""
    person = cast.kern()
    cast.allow(person, "email")
    message = asks_to_send(person).message
    assert message is not None
    return message
