from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from einklang.core import clock, settings
from einklang.core.connection import cursor
from einklang.facts.audit import trail
from einklang.loop.gate import door, overlay, packs
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.rules.contact import SUNDAY, holiday
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "/studio/settings/"


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Packs of one test are not those of the next."""
    monkeypatch.setenv("EINKLANG_HOME", str(tmp_path))
    settings.get.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.get.cache_clear()


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(cast.administrator(), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_closer_limit_counts_at_once_and_says_who_and_why(admin: Client) -> None:
    assert admin.post(PAGE, _rules(contacts=2, opens="10:00")).status_code == 302
    assert (_param("AUR-CAP-01", "max"), _param("AUR-TIME-01", "from")) == (2, "10:00")
    (told,) = trail.listing(cursor(), limit=5, object="settings:contact")
    assert told.reason == "ruhiger"
    shown = admin.get(PAGE).content.decode()
    assert "ruhiger" in shown
    assert "Anna Vogt" in shown


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("contacts", 5, "AUR-CAP-01"),
        ("days", 27, "AUR-CAP-01"),
        ("mails", 3, "AUR-CAP-02"),
        ("opens", "08:00", "AUR-TIME-01"),
        ("closes", "21:00", "AUR-TIME-01"),
    ],
)
def test_what_would_loosen_a_rule_is_refused_with_its_name(admin: Client, field: str, value: Any, rule: str) -> None:
    refused = admin.post(PAGE, _rules(**{field: value}))
    assert f"Das würde Regel {rule} lockern" in refused.content.decode()
    assert overlay.versions() == []


def test_a_day_off_of_one_land_is_free_there(admin: Client) -> None:
    admin.post(PAGE, _rules(holidays="24.12. Heiligabend\n8.8. Friedensfest: BY"))
    assert {"12-24 Heiligabend", "08-08 Friedensfest: BY"} <= set(_param("AUR-TIME-01", "holidays"))
    assert "24.12. Heiligabend" in admin.get(PAGE).content.decode()


@pytest.mark.parametrize("line", ["31.2. Nie", "irgendwann", "1.5. Fest: XX"])
def test_a_day_that_does_not_exist_is_told_at_its_field(admin: Client, line: str) -> None:
    refused = admin.post(PAGE, _rules(holidays=line))
    assert refused.context["form"].errors.keys() == {"holidays"}
    assert line in refused.content.decode()


def test_nothing_counts_backwards(admin: Client) -> None:
    day = (_today() - timedelta(days=1)).isoformat()
    assert "Rückwirkend" in admin.post(PAGE, _rules(valid_from=day)).content.decode()


def test_later_rules_wait_for_their_day(admin: Client) -> None:
    day = clock.now() + timedelta(days=40)
    admin.post(PAGE, _rules(contacts=1, valid_from=day.date().isoformat()))
    assert _param("AUR-CAP-01", "max") == 4
    chain = packs.current().chain("DE", day + timedelta(days=1))
    assert chain is not None
    assert chain.rules["AUR-CAP-01"].params["max"] == 1


def test_the_second_of_two_editors_is_told_and_can_go_on(admin: Client) -> None:
    mine = _rules(contacts=3)
    admin.post(PAGE, _rules(contacts=2))
    told = admin.post(PAGE, mine)
    assert "Jemand anderes hat die Regeln" in told.content.decode()
    assert _param("AUR-CAP-01", "max") == 2
    admin.post(PAGE, mine | {"version": told.context["form"]["version"].value()})
    assert _param("AUR-CAP-01", "max") == 3


def test_the_way_back_to_the_company_rule_is_open(admin: Client) -> None:
    admin.post(PAGE, _rules(contacts=2))
    admin.post(PAGE, _rules(version=1))
    assert _param("AUR-CAP-01", "max") == 4
    assert len(overlay.versions()) == 2


def test_what_would_have_changed_is_counted_and_not_stored(admin: Client) -> None:
    doctor, mail = cast.albrecht(), cast.mail()
    cast.allow(doctor, "email")
    at = _working_day()
    recipient = Recipient("person", doctor.id)
    question = Question("send", recipient, "email", "promotional", None, "marketing", mail.id, at=at)
    (asked,) = door.ask(cursor(), [question], now=at, messages=[door.MessageSpec(mail.id)])
    assert asked.verdict.yes, asked.verdict.rules
    seen = admin.post(PAGE, _rules(opens="19:00", act="preview")).context["preview"]
    assert (seen.asked, seen.later, seen.rules) == (1, 1, {"AUR-TIME-01": 1})
    assert overlay.versions() == []


def test_an_auditor_reads_and_changes_nothing() -> None:
    client = Client()
    client.force_login(cast.auditor(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(PAGE).status_code == 200
    assert client.post(PAGE, _rules(contacts=2)).status_code == 403
    assert overlay.versions() == []


def _working_day() -> datetime:
    """At half past ten in winter, half past eleven in summer."""
    at = clock.now().replace(hour=9, minute=30) - timedelta(days=1)
    free = {holiday(entry, at.year) for entry in overlay.own_holidays()}
    while at.weekday() == SUNDAY or at.date() in free:
        at -= timedelta(days=1)
    return at


def _today() -> date:
    return clock.now().astimezone(clock.ZONE).date()


def _rules(**changes: Any) -> dict[str, Any]:
    today = _today().isoformat()
    same = {"contacts": 4, "days": 28, "mails": 2, "opens": "09:00", "closes": "20:00", "holidays": ""}
    return {"act": "keep", **same, "valid_from": today, "reason": "ruhiger", "version": 0, **changes}


def _param(rule: str, name: str) -> Any:
    chain = packs.current().chain("DE", clock.now())
    assert chain is not None
    return chain.rules[rule].params[name]
