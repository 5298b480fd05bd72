"""A piece of the loop with people who have names: none of them stands in the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from einklang import flow
from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.interactions import log as interactions
from einklang.loop.interactions import make
from einklang.project.stations import Station
from einklang.watch import lines
from tests import cast

SEEN = {"content_slug": "a", "topics": ["t"]}
NOWHERE = "smtp://127.0.0.1:1"


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """Everything that this process logs, as it would stand in a file."""
    written, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(lines.Json())
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def breaks(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"{cast.albrecht().email} is known already")


urlpatterns = [path("breaks", breaks), path("", include("einklang.project.urls"))]
handler500 = "einklang.project.outage.server_error"


def doubled() -> int:
    """As a broken import might do it; PostgreSQL answers with the whole row."""
    with transaction.atomic():
        known = cast.albrecht()
        cursor().execute("INSERT INTO people_person SELECT * FROM people_person WHERE id = %s", (known.id,))
    return 1


@pytest.mark.urls(__name__)
def test_no_name_and_no_address_stands_in_any_line(fresh_db: str, heard: io.StringIO) -> None:
    person, login = cast.albrecht(), cast.login_of(cast.albrecht())
    now = clock.now()
    with transaction.atomic():
        interactions.record(cursor(), [make.interaction("content.viewed", now=now, person=person.id, properties=SEEN)])
    for name, act in flow.stations({"email": EmailAdapter(target=lambda: NOWHERE)}).items():
        Station(name, act).run()
    Station("imports", doubled).run()
    client = Client(raise_request_exception=False)
    client.post("/anmelden", {"login": login.email, "password": "wrong"})
    assert client.get("/breaks").status_code == 500
    told = heard.getvalue()
    assert "UniqueViolation 23505" in told
    assert "ValueError" in told
    assert [word for word in words(person) if word in told] == []


def words(person: Person) -> list[str]:
    return [person.family_name, person.given_name, person.email]
