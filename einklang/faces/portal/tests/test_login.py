from __future__ import annotations

import pytest
from django.test import Client

from tests import cast

pytestmark = pytest.mark.django_db


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
