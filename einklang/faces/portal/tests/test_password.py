from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.content import read as content
from einklang.facts.content import sign
from einklang.facts.people import entry
from einklang.facts.people.models import User
from einklang.loop.gate import browse
from einklang.services.accounts import acts as accounts
from einklang.ui import places
from tests import cast

pytestmark = pytest.mark.django_db
NEW = "einklang-morgens-neu"


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return cast.login_of(cast.albrecht())


def place(user: User) -> str:
    return places.PASSWORD.path(entry.link(user).rpartition("/")[2])


def choose(client: Client, path: str, first: str = NEW, second: str = NEW) -> int:
    return client.post(path, {"new_password1": first, "new_password2": second}).status_code


def knows(user: User, word: str) -> bool:
    user.refresh_from_db()
    return user.check_password(word)


def test_a_forgotten_password_is_asked_by_a_mail_that_passes_the_gate(client: Client, user: User) -> None:
    assert client.post("/passwort", {"email": user.email.upper()}).headers["Location"] == "/passwort/unterwegs"
    (mail,) = browse.listing(cursor())
    assert (mail.purpose, mail.recipient_kind, mail.recipient, mail.state) == (
        "transactional",
        "user",
        user.id,
        "planned",
    )
    path = places.PASSWORD.path(mail.variables["reset_url"].rpartition("/")[2])
    assert client.get(path).status_code == 200
    assert choose(client, path) == 302
    assert knows(user, NEW)


def test_an_address_that_nobody_has_gets_the_same_answer_and_no_mail(client: Client, user: User) -> None:
    User.objects.filter(id=user.id).update(is_active=False)
    for address in ("niemand@praxis.example", user.email):
        assert client.post("/passwort", {"email": address}).headers["Location"] == "/passwort/unterwegs"
    assert browse.listing(cursor()) == []


def test_the_link_logs_nobody_in(client: Client, user: User) -> None:
    choose(client, place(user))
    assert client.get("/wissen").headers["Location"].startswith("/anmelden")


def test_the_link_counts_once(client: Client, user: User) -> None:
    path = place(user)
    assert choose(client, path) == 302
    assert choose(client, path, "noch-ein-anderes", "noch-ein-anderes") == 400
    assert knows(user, NEW)


def test_an_old_or_forged_link_changes_nothing(client: Client, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    path, later = place(user), clock.real_now() + entry.FORGOTTEN + timedelta(seconds=5)
    assert choose(client, path[:-2] + "xx") == 400
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert choose(client, path) == 400
    assert knows(user, cast.PASSWORD)


@pytest.mark.parametrize(("first", "second"), [("kurz", "kurz"), (NEW, "anders-als-zuvor"), ("", "")])
def test_a_password_that_does_not_do_is_said_so(client: Client, user: User, first: str, second: str) -> None:
    assert choose(client, place(user), first, second) == 200
    assert knows(user, cast.PASSWORD)


def test_who_asks_too_often_has_to_wait(client: Client, user: User) -> None:
    answers = [client.post("/passwort", {"email": user.email}).status_code for _ in range(6)]
    assert (answers[0], answers[-1]) == (302, 429)


def test_a_wrong_address_keeps_what_was_typed(client: Client) -> None:
    text = client.post("/passwort", {"email": "miriam"}).content.decode()
    assert 'value="miriam"' in text
    assert "Das ist keine" in text


def test_without_a_released_mail_nothing_is_sent(client: Client, user: User) -> None:
    sign.withdraw(cursor(), content.live(cursor(), [accounts.RESET], cast.NOW)[accounts.RESET].id)
    assert client.post("/passwort", {"email": user.email}).status_code == 302
    assert browse.listing(cursor()) == []
