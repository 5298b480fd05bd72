from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from einklang.faces.login.account import device
from tests import cast

pytestmark = pytest.mark.django_db
SAFARI = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def here() -> Client:
    return _session(CHROME)


@pytest.fixture
def there() -> Client:
    return _session(SAFARI)


def test_each_session_says_its_device_and_which_is_this_one(here: Client, there: Client) -> None:
    shown = {each.device: each.current for each in here.get("/konto/").context["sessions"]}
    assert shown == {"Chrome · Linux": True, "Safari · iPad": False}


def test_one_session_is_ended(here: Client, there: Client) -> None:
    other = UserSession.objects.get(user_agent=SAFARI)
    here.post("/konto/sitzungen", {"session": other.id})
    assert there.get("/konto/").status_code == 302
    assert here.get("/konto/").status_code == 200


def test_all_others_are_ended(here: Client, there: Client) -> None:
    here.post("/konto/sitzungen")
    assert there.get("/konto/").status_code == 302
    assert here.get("/konto/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(here: Client) -> None:
    stranger = Client()
    stranger.post("/anmelden", {"login": cast.administrator().email, "password": cast.PASSWORD})
    stranger.post("/konto/sitzungen", {"session": UserSession.objects.get(user_agent=CHROME).id})
    assert here.get("/konto/").status_code == 200


def test_an_unknown_browser_is_called_so() -> None:
    assert device("curl/8") == "Unbekanntes Gerät"


def _session(agent: str) -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/anmelden", {"login": cast.auditor().email, "password": cast.PASSWORD})
    return client
