from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    cache.clear()


def test_a_link_from_a_mail_asks_for_the_login_and_keeps_its_target(client: Client) -> None:
    response = client.get("/inhalt/herzinsuffizienz-praxis")
    assert response.status_code == 302
    assert response.headers["Location"] == "/anmelden?next=/inhalt/herzinsuffizienz-praxis"


def test_after_the_login_the_target_opens(client: Client) -> None:
    user = cast.login_of(cast.albrecht())
    form = {"login": user.email, "password": cast.PASSWORD, "next": "/inhalt/herzinsuffizienz-praxis"}
    response = client.post("/anmelden", form)
    assert response.status_code == 302
    assert response.headers["Location"] == "/inhalt/herzinsuffizienz-praxis"


def test_a_wrong_password_keeps_the_address_and_says_what_to_do(client: Client) -> None:
    user = cast.login_of(cast.albrecht())
    response = client.post("/anmelden", {"login": user.email, "password": "falsch"})
    assert response.status_code == 200
    text = response.content.decode()
    assert user.email in text
    assert "passen nicht zusammen" in text


def test_the_login_leads_to_no_other_site(client: Client) -> None:
    user = cast.login_of(cast.albrecht())
    form = {"login": user.email, "password": cast.PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post("/anmelden", form).headers["Location"] == "/"


def test_who_guesses_passwords_has_to_wait(client: Client) -> None:
    user = cast.login_of(cast.kern())
    answers = [client.post("/anmelden", {"login": user.email, "password": "geraten"}) for _ in range(7)]
    assert "Zu viele Versuche." in answers[-1].content.decode()
    assert client.post("/anmelden", {"login": user.email, "password": cast.PASSWORD}).status_code != 302


def test_a_page_that_was_open_too_long_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/anmelden", {"login": "a@b.example", "password": "x"})
    assert response.status_code == 403
    assert "Die Seite war zu lange offen." in response.content.decode()


def test_logging_out_ends_the_session(client: Client) -> None:
    client.force_login(cast.login_of(cast.albrecht()), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/abmeldung").headers["Location"] == "/anmelden"
    assert client.get("/wissen").headers["Location"].startswith("/anmelden")


def test_nobody_signs_up_and_no_page_sends_mail_past_the_gate(client: Client) -> None:
    for path in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert client.get(path).status_code == 404
