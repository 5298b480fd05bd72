from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import LazySettings
from django.test import Client
from playwright.sync_api import Page, expect

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.audit import trail
from einklang.facts.people.models import User
from einklang.ui.tests.passkeys import virtual_key
from tests import cast


@pytest.mark.django_db
def test_a_code_of_the_app_is_the_second_step_of_the_login() -> None:
    user = cast.auditor()
    secret, codes = _set_up(Client(), user)
    client = Client()
    assert _login(client, user)["Location"].startswith("/anmelden/code")
    assert client.get("/studio/").status_code == 302
    refused = client.post("/anmelden/code", {"code": "000000"})
    assert "Dieser Code passt nicht" in refused.content.decode()
    assert client.post("/anmelden/code", {"code": _code(secret, 1)}).status_code == 302
    assert client.get("/studio/verdicts/").status_code == 200
    assert len(codes) == 10


@pytest.mark.django_db
def test_a_recovery_code_opens_the_account_once() -> None:
    user = cast.auditor()
    _, codes = _set_up(Client(), user)
    for expected in (302, 200):
        client = Client()
        _login(client, user)
        assert client.post("/anmelden/code", {"code": codes[0]}).status_code == expected


@pytest.mark.django_db
def test_the_secret_does_not_lie_readable_in_the_database() -> None:
    secret, codes = _set_up(Client(), cast.auditor())
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert codes[0] not in kept


@pytest.mark.django_db
def test_setting_up_is_written_down(django_capture_on_commit_callbacks: Any) -> None:
    user = cast.auditor()
    with django_capture_on_commit_callbacks(execute=True):
        _set_up(Client(), user)
    assert {one.act for one in trail.listing(cursor(), limit=5, object=f"user:{user.id}")} == {"user.factor.add"}


@pytest.mark.django_db
def test_EU_DP_15_nobody_of_the_company_goes_on_without_a_second_factor(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, user = Client(), cast.auditor()
    assert _login(client, user).status_code == 302
    assert client.get("/studio/verdicts/")["Location"] == "/konto/"
    assert "braucht einen zweiten Faktor" in client.get("/konto/").content.decode()
    _activate(client)
    assert client.get("/studio/verdicts/").status_code == 200


@pytest.mark.django_db
def test_professionals_are_not_asked_for_one(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    client, user = Client(), cast.login_of(cast.albrecht())
    _login(client, user)
    assert client.get("/")["Location"] != "/konto/"


@pytest.mark.browser
def test_a_passkey_opens_the_account(server: str, page: Page) -> None:
    user = cast.auditor()
    virtual_key(page)
    _enter(page, server, user)
    page.goto(f"{server}/konto/passkey")
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button.main")
    expect(page.locator("[data-passkey]")).to_be_visible()
    page.click("[data-passkey] button.main")
    expect(page.locator(".codes li")).to_have_count(10)
    page.context.clear_cookies()
    _enter(page, server, user)
    page.click("[data-passkey] button.main")
    page.wait_for_url("**/studio/**")


def _enter(page: Page, server: str, user: User) -> None:
    page.goto(f"{server}/anmelden")
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button.main")


def _login(client: Client, user: User) -> Any:
    return client.post("/anmelden", {"login": user.email, "password": cast.PASSWORD})


def _set_up(client: Client, user: User) -> tuple[str, list[str]]:
    _login(client, user)
    return _activate(client)


def _activate(client: Client) -> tuple[str, list[str]]:
    """Asks for the password first, then shows the secret, then the codes."""
    asked = client.get("/konto/app")
    client.post(asked["Location"], {"password": cast.PASSWORD})
    secret = client.get("/konto/app").context["form"].secret
    shown = client.post("/konto/app", {"code": _code(secret)}, follow=True)
    return secret, list(shown.context["unused_codes"])


def _code(secret: str, later: int = 0) -> str:
    """What the app shows, now or in the next half minute: each code counts once."""
    counter = int(clock.real_now().timestamp()) // 30 + later
    return str(format_hotp_value(hotp_value(secret, counter)))
