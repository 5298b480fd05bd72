from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Page, expect

from einklang.facts.people.models import User
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.project import setup_token

GIVEN = {
    "company": "Nordlicht Pharma GmbH",
    "street": "Hafenweg 3",
    "town": "24103 Kiel",
    "management": "Dr. Ada Winter",
    "register": "Amtsgericht Kiel, HRB 1",
    "contact": "0431 1",
    "privacy-contact": "Silke Brandt, datenschutz@nordlicht.example",
    "public-url": "https://portal.nordlicht.example",
    "mail-host": "",
    "admin-name": "Ada Winter",
    "admin-email": "ada@nordlicht.example",
}
PASSWORD = "gutes-langes-wort"


def test_options_and_a_typed_password_make_a_company(child_env: dict[str, str], tmp_path: Path) -> None:
    done = _init(child_env, tmp_path, GIVEN, f"\n\n\n\nkurz\n{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / "company.json").read_text())
    assert (kept["name"], kept["settings"]["legal_entity"]) == ("Nordlicht Pharma GmbH", "nordlicht")
    assert kept["privacy_contact"] == "Silke Brandt, datenschutz@nordlicht.example"
    assert kept["settings"]["safety_mailbox"] == "safety@nordlicht.example"
    assert (tmp_path / "packs" / "nordlicht.yaml").exists()
    made = User.objects.get()
    assert (made.email, made.roles, made.check_password(PASSWORD)) == ("ada@nordlicht.example", ["administrator"], True)
    assert PASSWORD not in (tmp_path / "company.json").read_text()


def test_a_second_time_only_what_is_asked_changes(child_env: dict[str, str], tmp_path: Path) -> None:
    _init(child_env, tmp_path, GIVEN, f"\n\n\n\n{PASSWORD}\n")
    again = _init(child_env, tmp_path, {"street": "Hafenweg 5", "language": "en"}, "")
    assert again.returncode == 0, again.stderr
    assert "[24103 Kiel]" in again.stdout
    assert json.loads((tmp_path / "company.json").read_text())["address"] == ["Hafenweg 5", "24103 Kiel"]
    assert User.objects.count() == 1


def test_what_is_missing_ends_in_one_sentence(child_env: dict[str, str], tmp_path: Path) -> None:
    given = {key: GIVEN[key] for key in ("company", "street")}
    refused = _init(child_env, tmp_path, given, "")
    assert refused.returncode == 1
    assert refused.stderr.splitlines() == ["--town: Diese Angabe fehlt. Ohne sie kann es nicht losgehen."]
    assert not (tmp_path / "company.json").exists()
    english = _init(child_env, tmp_path, given | {"legal-entity": "Nordlicht GmbH", "language": "en"}, "\n")
    assert english.stderr.startswith("--legal-entity: Allowed are a to z")


@pytest.mark.slow
def test_an_empty_database_is_brought_to_this_version(child_env: dict[str, str], tmp_path: Path) -> None:
    url = urlsplit(os.environ["EINKLANG_DATABASE_URL"])
    with psycopg.connect(url.geturl(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE empty_house TEMPLATE template0")
        try:
            empty = _outside(child_env) | {"EINKLANG_DATABASE_URL": url._replace(path="/empty_house").geturl()}
            done = _init(empty, tmp_path, GIVEN, f"\n\n\n\n{PASSWORD}\n")
            assert done.returncode == 0, done.stderr
        finally:
            connection.execute("DROP DATABASE empty_house WITH (FORCE)")


def test_a_mail_server_is_tried_on_the_spot_with_a_mail(child_env: dict[str, str], tmp_path: Path) -> None:
    with mail_server() as server:
        given = GIVEN | _mail(server, "none") | {"language": "en"}
        answered = _init(_outside(child_env), tmp_path, given, f"\n\n\n\n{PASSWORD}\n")
    assert "A test mail has gone to ada@nordlicht.example." in answered.stdout, answered.stderr
    (mail,) = server.mails
    assert (mail["From"], mail["To"]) == ("post@nordlicht.example", "ada@nordlicht.example")
    assert "Nordlicht Pharma GmbH" in mail.get_content()


def test_a_mail_server_without_the_encryption_that_was_chosen_is_refused(
    child_env: dict[str, str], tmp_path: Path
) -> None:
    with mail_server() as server:
        refused = _init(child_env, tmp_path, GIVEN | _mail(server, "starttls"), "\n\n\n")
    assert refused.returncode == 1
    assert "STARTTLS" in refused.stderr
    assert not (tmp_path / "company.json").exists()


@pytest.mark.browser
def test_the_first_page_makes_the_company_and_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("EINKLANG_HOME", str(tmp_path))
    server, page = request.getfixturevalue("server"), request.getfixturevalue("page")
    address = f"{server}/setup/{setup_token.of(tmp_path)}"
    assert _answer(page, f"{server}/setup/guessed") == 404
    assert _answer(page, address) == 200
    page.fill("[name=company]", "Nordlicht Pharma GmbH")
    page.click("button.main")
    expect(page.locator("[name=company]")).to_have_value("Nordlicht Pharma GmbH")
    expect(page.locator("#id_town-error")).to_be_visible()
    own = {name.replace("-", "_"): value for name, value in GIVEN.items()} | {"public_url": server}
    for name, value in (own | {"admin_password": PASSWORD, "safety_mailbox": "safety@nordlicht.example"}).items():
        page.fill(f"[name={name}]", value)
    page.click("button.main")
    page.wait_for_url("**/studio/**")
    assert _answer(page, address) == 404


def _outside(env: dict[str, str]) -> dict[str, str]:
    """As people have it: nobody has told Django its settings."""
    return {name: value for name, value in env.items() if name != "DJANGO_SETTINGS_MODULE"}


def _mail(server: MailServer, security: str) -> dict[str, str]:
    address = urlsplit(server.url)
    place = {"mail-host": str(address.hostname), "mail-port": str(address.port)}
    return place | {"mail-security": security, "mail-user": ""}


def _init(env: dict[str, str], home: Path, given: dict[str, str], typed: str) -> subprocess.CompletedProcess[str]:
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    command = [sys.executable, "-m", "einklang.project.cli", "init", *options]
    own = env | {"EINKLANG_HOME": str(home)}
    return subprocess.run(command, input=typed, env=own, capture_output=True, text=True, check=False)


def _answer(page: Page, address: str) -> int:
    response = page.goto(address)
    assert response is not None
    return response.status
