from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from einklang.core.connection import cursor
from einklang.facts.people import users
from einklang.facts.people.models import User
from tests import cast

pytestmark = pytest.mark.django_db
INVITED = {"name": "Mara Lind", "email": "mara@aurelia.example", "locale": "de", "roles": ["rep", "analyst"]}


def test_what_was_typed_into_an_ended_session_is_sent_after_the_login() -> None:
    client, shown = _expired(cast.administrator())
    _login(client, cast.administrator(), shown["Location"])
    kept = client.get("/ui/kept").context["kept"]
    assert not User.objects.filter(email=INVITED["email"]).exists()
    fields: dict[str, list[str]] = {}
    for name, value in kept["fields"]:
        fields.setdefault(name, []).append(value)
    assert fields["roles"] == ["rep", "analyst"]
    assert client.post(kept["path"], fields).status_code == 302
    assert [each.roles for each in users.listing(cursor(), text="mara@")] == [["analyst", "rep"]]
    assert client.get("/ui/kept")["Location"] == "/"


def test_somebody_else_who_logs_in_sees_nothing_of_it() -> None:
    client, shown = _expired(cast.administrator())
    _login(client, cast.auditor(), shown["Location"])
    assert client.get("/ui/kept")["Location"] == "/"


def test_what_is_discarded_is_gone() -> None:
    client, shown = _expired(cast.administrator())
    _login(client, cast.administrator(), shown["Location"])
    assert client.post("/ui/kept")["Location"] == "/studio/users/new"
    assert client.get("/ui/kept")["Location"] == "/"


def test_passwords_are_never_kept() -> None:
    client, _ = _expired(cast.administrator(), proof="geheim", new_password1="geheim")
    assert "geheim" not in str(client.session["kept_input"])


def test_a_login_itself_is_not_kept() -> None:
    client = Client()
    client.post("/anmelden", {"login": "wer@auch.example", "password": "immer"})
    assert "kept_input" not in client.session


def test_of_somebody_who_was_never_here_nothing_is_kept() -> None:
    client = Client()
    client.cookies["sessionid"] = "a" * 32
    answer = client.post("/studio/users/new", INVITED)
    assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/anmelden")
    assert not Session.objects.exists()


def test_what_waits_goes_after_half_an_hour_and_the_login_stays_longer() -> None:
    client, shown = _expired(cast.administrator())
    assert client.session.get_expiry_age() == 30 * 60
    _login(client, cast.administrator(), shown["Location"])
    client.get("/ui/kept")
    assert client.session.get_expiry_age() > 24 * 60 * 60


def _expired(user: User, **more: str) -> tuple[Client, Any]:
    client = Client()
    _login(client, user, "/anmelden")
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    return client, client.post("/studio/users/new", INVITED | {"reason": "neu"} | more)


def _login(client: Client, user: User, place: str) -> None:
    target = place.partition("next=")[2].replace("%2F", "/")
    client.post("/anmelden", {"login": user.email, "password": cast.PASSWORD, "next": target})
