from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people.models import Person, User
from einklang.loop.interactions import log, make
from tests import cast

TUESDAY = datetime.fromisoformat("2026-11-24T10:30:00+01:00")
Enter = Callable[[User], Client]


@pytest.fixture(autouse=True)
def story_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuesday, the day of the visit."""
    monkeypatch.setattr(clock, "now", lambda cur=None: TUESDAY)


@pytest.fixture
def enter() -> Enter:
    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return logged_in


@pytest.fixture
def doctor(db: None) -> Person:
    """Dr. Albrecht, with content to show, products to discuss, and the mails that the house sends by itself."""
    cast.petersen()
    cast.adler()
    cast.article()
    cast.product_article()
    cast.linosan()
    safety_mail()
    return cast.albrecht()


def safety_mail() -> None:
    words = {
        "subject": "Sicherheitsmeldung {report}",
        "greeting": "Guten Tag",
        "paragraphs": ["{statement}"],
        "links": [],
    }
    cast.frozen("safety-report", "system_mail", {"de": words}, audience="public")


def happens(kind: str, person: Person, at: datetime = cast.NOW, **properties: Any) -> None:
    log.record(cursor(), [make.interaction(kind, now=at, source="test", person=person.id, properties=properties)])


def reads(person: Person, at: datetime = cast.NOW) -> None:
    happens(
        "content.viewed",
        person,
        at,
        content_slug="herzinsuffizienz-praxis",
        topics=[cast.TOPIC],
        title="Was sich für die Praxis ändert",
    )
