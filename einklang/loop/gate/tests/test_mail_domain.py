"""Advertising waits until the DNS says that we may send for our domain; what people need does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from einklang.core import settings
from einklang.core.connection import cursor
from einklang.loop.channels.email.sender_check import UNREACHABLE, Finding
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import mail_domain, queue, tasks
from einklang.loop.gate.tests.mails import NOON, ask, message, reader, safety

pytestmark = pytest.mark.django_db
Told = Callable[..., None]
DOMAIN = "aurelia.example"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """Settings of this installation."""

    def tell(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(f"EINKLANG_{name.upper()}", value)
        settings.get.cache_clear()

    tell(mail_domain=DOMAIN, smtp_url="smtp://mail.aurelia.example:25")
    yield tell
    monkeypatch.undo()
    settings.get.cache_clear()


def keep(now: datetime, problem: str = "") -> None:
    mail_domain.keep(cursor(), DOMAIN, [Finding("spf", problem, DOMAIN, "v=spf1 -all")], now)


def sent(now: datetime = NOON) -> int:
    adapter = FakeAdapter()
    tasks.dispatch(now, {"email": adapter})
    return len(adapter.sent)


def test_a_domain_that_was_never_looked_up_sends_no_advertising_and_says_when_it_tries_again(told: Told) -> None:
    asked = ask(reader("mail_tracking"))
    assert sent() == 0
    waiting = message(asked)
    assert (waiting.state, waiting.detail, waiting.due_at) == ("planned", "mail_dns", NOON + timedelta(hours=1))
    assert waiting.dispatch_verdict is None


def test_a_safety_report_leaves_whatever_the_dns_says(told: Told) -> None:
    safety()
    ask(reader())
    keep(NOON, "missing")
    assert sent() == 1
    assert queue.counts(cursor()) == {"sent": 1, "planned": 1}


def test_after_a_passed_look_the_mail_goes_out(told: Told) -> None:
    ask(reader())
    assert sent() == 0
    keep(NOON)
    assert sent(NOON + timedelta(hours=1)) == 1


def test_a_pass_holds_two_days_and_a_day_without_dns_changes_nothing(told: Told) -> None:
    keep(NOON)
    keep(NOON + timedelta(hours=30), UNREACHABLE)
    assert not mail_domain.stops_bulk(cursor(), NOON + timedelta(hours=47))
    assert mail_domain.stops_bulk(cursor(), NOON + timedelta(hours=48))


def test_a_fault_stops_at_once_and_is_looked_at_again_within_the_hour(told: Told) -> None:
    keep(NOON)
    assert not mail_domain.is_due(cursor(), DOMAIN, NOON + timedelta(hours=23))
    keep(NOON, "missing")
    assert mail_domain.stops_bulk(cursor(), NOON)
    assert mail_domain.is_due(cursor(), DOMAIN, NOON + timedelta(hours=1))


@pytest.mark.parametrize(
    ("variables", "needed"),
    [
        ({}, True),
        ({"smtp_url": "smtp://127.0.0.1:25"}, False),
        ({"smtp_url": ""}, False),
        ({"demo": "1"}, False),
        ({"env": "production", "smtp_url": "smtp://localhost:25"}, True),
        ({"env": "production", "smtp_url": ""}, True),
    ],
)
def test_a_demo_and_a_trial_on_this_machine_need_no_records(
    told: Told, variables: dict[str, str], needed: bool
) -> None:
    told(**variables)
    assert mail_domain.needed() is needed


class Silent:
    """A DNS in which nothing is registered."""

    def txt(self, name: str) -> list[str]:
        return []

    addresses = exchangers = txt


def test_the_worker_looks_once_a_day_and_keeps_what_it_found(told: Told) -> None:
    first = tasks.check_sender(NOON, lookup=Silent())
    assert first is not None
    assert not all(each.ok for each in first)
    kept = mail_domain.read(cursor(), DOMAIN)
    assert kept is not None
    assert kept.findings == first
    assert tasks.check_sender(NOON + timedelta(minutes=59), lookup=Silent()) is None
    assert tasks.check_sender(NOON + timedelta(hours=1), lookup=Silent()) is not None


def test_a_demo_asks_nobody(told: Told) -> None:
    told(demo="1")
    assert tasks.check_sender(NOON, lookup=Silent()) is None
