from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def language(client: Client, **headers: str) -> str:
    return client.get("/impressum", headers=headers or None).headers["Content-Language"]


def test_the_browser_decides_until_somebody_chooses(client: Client) -> None:
    assert language(client, accept_language="en") == "en"
    assert language(client, accept_language="fr") == "de"
    client.post("/ui/language", {"locale": "en", "next": "/impressum"})
    assert language(client, accept_language="de") == "en"


def test_an_unknown_language_or_theme_is_not_kept(client: Client) -> None:
    client.post("/ui/language", {"locale": "xx"})
    client.post("/ui/theme", {"theme": '"><script>'})
    text = client.get("/impressum").content.decode()
    assert '<html lang="de" data-face="portal">' in text


def test_the_choice_leads_back_to_the_page_but_to_no_other_site(client: Client) -> None:
    assert client.post("/ui/theme", {"theme": "dark", "next": "/datenschutz"}).headers["Location"] == "/datenschutz"
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        assert client.post("/ui/theme", {"theme": "dark", "next": elsewhere}).headers["Location"] == "/"


def test_the_theme_is_written_by_the_server(client: Client) -> None:
    client.post("/ui/theme", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/impressum").content.decode()
