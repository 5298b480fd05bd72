"""`einklang mail …`, with a DNS server of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from einklang.core import settings
from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError
from einklang.loop.channels.email.tests.dns_server import DnsServer, dns_server
from einklang.loop.gate import mail_domain
from einklang.project import cli_mail

DOMAIN = "aurelia.example"
Run = Callable[..., Result]


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with dns_server({}) as running:
        yield running


@pytest.fixture
def einklang(fresh_db: str, dns: DnsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    told = {
        "EINKLANG_MAIL_DOMAIN": DOMAIN,
        "EINKLANG_MAIL_SOURCES": "203.0.113.7",
        "EINKLANG_DKIM_KEY": str(tmp_path / "dkim.pem"),
        "EINKLANG_RESOLVER": f"{dns.place[0]}:{dns.place[1]}",
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    yield lambda *arguments: CliRunner().invoke(cli_mail.app, arguments)
    monkeypatch.undo()
    settings.get.cache_clear()


def test_a_new_domain_is_told_its_records_and_passes_once_they_are_set(einklang: Run, dns: DnsServer) -> None:
    name, kind, record = einklang("key").stdout.strip().split("  ")
    assert (name, kind) == (f"einklang._domainkey.{DOMAIN}", "TXT")
    refused = einklang("check")
    assert refused.exit_code == 1
    assert "set: aurelia.example  TXT  v=spf1 ip4:203.0.113.7 -all" in refused.stdout
    missing = [json.loads(line) for line in einklang("check", "--json").stdout.splitlines() if line.startswith("{")]
    for each in missing:
        text = each["record"]
        dns.zone[(each["name"], "TXT")] = [" ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))]
    assert (name, record) in {(each["name"], each["record"]) for each in missing}
    passed = einklang("check")
    assert (passed.exit_code, passed.stdout.count("ok")) == (0, 3)
    standing = mail_domain.read(cursor(), DOMAIN)
    assert standing is not None
    assert standing.passed


def test_a_key_is_never_overwritten(einklang: Run) -> None:
    assert einklang("key").exit_code == 0
    again = einklang("key")
    assert isinstance(again.exception, Conflict)


def test_caps_and_warm_up_are_set_and_shown(einklang: Run) -> None:
    assert einklang("cap", "gmx.example", "500").exit_code == 0
    assert einklang("warm-up").exit_code == 0
    shown = json.loads(einklang("pace", "--json").stdout)
    assert (shown["caps"], shown["warm_up_per_hour"]) == ({"gmx.example": 500}, 5)
    assert einklang("cap", "gmx.example", "none").exit_code == 0
    assert einklang("warm-up", "--stop").exit_code == 0
    assert einklang("pace").stdout == "No warm-up.\n"
    assert isinstance(einklang("cap", "gmx.example", "many").exception, InputError)
