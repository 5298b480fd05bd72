"""What the DNS must say before mail leaves, asked of a real DNS server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from einklang.core import settings
from einklang.loop.channels.email import config, dkim, sender_check, spf
from einklang.loop.channels.email.lookup import Dns, Unreachable
from einklang.loop.channels.email.tests.dns_server import DnsServer, dns_server

DOMAIN = "aurelia.example"
SOURCE = "203.0.113.7"
RIGHT = {"spf": "", "dkim": "", "dmarc": ""}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    dkim.create(place)
    return place


@pytest.fixture
def server(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    """A domain as it should be."""
    told = {
        "EINKLANG_MAIL_DOMAIN": DOMAIN,
        "EINKLANG_DKIM_KEY": str(key_file),
        "EINKLANG_MAIL_SOURCES": SOURCE,
    }
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    zone = {
        (DOMAIN, "TXT"): [f'"v=spf1 ip4:{SOURCE} -all"', '"some-site-verification=1"'],
        (f"einklang._domainkey.{DOMAIN}", "TXT"): [_quoted(dkim.load(key_file).record)],
        (f"_dmarc.{DOMAIN}", "TXT"): ['"v=DMARC1; p=reject"'],
    }
    with dns_server(zone) as running:
        yield running
    monkeypatch.undo()
    settings.get.cache_clear()


def problems(server: DnsServer) -> dict[str, str]:
    return {each.part: each.problem for each in sender_check.check(config.get(), Dns(server.place))}


def test_a_domain_as_it_should_be(server: DnsServer) -> None:
    assert problems(server) == RIGHT


def test_a_new_domain_is_told_every_record_that_it_needs(server: DnsServer) -> None:
    server.zone.clear()
    found = {each.part: each for each in sender_check.check(config.get(), Dns(server.place))}
    assert {part: each.problem for part, each in found.items()} == dict.fromkeys(RIGHT, "missing")
    for part, each in found.items():
        server.zone[(each.name, "TXT")] = [_quoted(each.record)]
        assert problems(server)[part] == ""


@pytest.mark.parametrize(
    ("part", "name", "records", "problem"),
    [
        ("spf", DOMAIN, ["v=spf1 ip4:198.51.100.1 -all"], "not_named"),
        ("spf", DOMAIN, ["v=spf1 +all"], "open"),
        ("spf", DOMAIN, ["v=spf1 -all", "v=spf1 mx -all"], "several"),
        ("spf", DOMAIN, ["v=spf1 ip4:nonsense -all"], "broken"),
        ("dkim", f"einklang._domainkey.{DOMAIN}", ["v=DKIM1; k=rsa; p=AAAA"], "other_key"),
        ("dkim", f"einklang._domainkey.{DOMAIN}", ["v=DKIM1; k=rsa; p="], "other_key"),
        ("dmarc", f"_dmarc.{DOMAIN}", ["v=DMARC1; p=perhaps"], "broken"),
        ("dmarc", f"_dmarc.{DOMAIN}", ["something else"], "missing"),
    ],
)
def test_what_is_wrong_is_named(server: DnsServer, part: str, name: str, records: list[str], problem: str) -> None:
    server.zone[(name, "TXT")] = [_quoted(record) for record in records]
    assert problems(server) == RIGHT | {part: problem}


def test_without_a_key_there_is_no_record_to_look_for(server: DnsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EINKLANG_DKIM_KEY", "/nowhere/dkim.pem")
    assert problems(server) == RIGHT | {"dkim": "no_key"}


def test_a_dns_that_fails_says_nothing_about_the_records(server: DnsServer) -> None:
    server.failing = True
    assert problems(server) == dict.fromkeys(RIGHT, sender_check.UNREACHABLE)
    with pytest.raises(Unreachable):
        Dns(server.place).txt(DOMAIN)


def test_where_a_mail_service_sends_its_servers_must_be_named(
    server: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINKLANG_MAIL_SERVICE", "mailgun")
    assert problems(server)["spf"] == "not_named"
    server.zone[(DOMAIN, "TXT")] = ['"v=spf1 include:mailgun.org ~all"']
    assert problems(server)["spf"] == ""


def test_what_bounces_has_a_domain_of_its_own_and_that_needs_spf(
    server: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINKLANG_BOUNCE_DOMAIN", f"bounces.{DOMAIN}")
    assert problems(server)["spf"] == "missing"
    server.zone[(f"bounces.{DOMAIN}", "TXT")] = [f'"v=spf1 redirect={DOMAIN}"']
    assert problems(server) == RIGHT


def test_the_policy_of_the_domain_above_counts(server: DnsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.zone[(f"_dmarc.mail.{DOMAIN}", "TXT")] = ['"not a policy"']
    monkeypatch.setenv("EINKLANG_MAIL_DOMAIN", f"mail.{DOMAIN}")
    settings.get.cache_clear()
    assert problems(server)["dmarc"] == ""


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ("v=spf1 ip4:203.0.113.0/24 -all", "pass"),
        ("v=spf1 ip6:2001:db8::/32 -all", "fail"),
        ("v=spf1 a -all", "pass"),
        ("v=spf1 a:out.aurelia.example/30 ~all", "pass"),
        ("v=spf1 mx ~all", "pass"),
        ("v=spf1 mx:elsewhere.example ~all", "softfail"),
        ("v=spf1 include:relay.example -all", "pass"),
        ("v=spf1 include:strict.example ?all", "neutral"),
        ("v=spf1 redirect=relay.example", "pass"),
        ("v=spf1 exists:%{i}.list.example ip4:203.0.113.7 -all", "pass"),
        ("v=spf1", "neutral"),
        ("v=spf10 -all", "none"),
    ],
)
def test_spf_is_read_as_receivers_read_it(record: str, answer: str) -> None:
    zone = {
        (DOMAIN, "TXT"): [_quoted(record)],
        (DOMAIN, "A"): [SOURCE],
        (DOMAIN, "MX"): [f"10 mx.{DOMAIN}."],
        (f"mx.{DOMAIN}", "A"): [SOURCE],
        (f"out.{DOMAIN}", "A"): ["203.0.113.5"],
        ("relay.example", "TXT"): [f'"v=spf1 ip4:{SOURCE} -all"'],
        ("strict.example", "TXT"): ['"v=spf1 -all"'],
    }
    with dns_server(zone) as running:
        assert spf.evaluate(Dns(running.place), DOMAIN, SOURCE) == answer


def test_a_record_that_asks_too_much_is_broken() -> None:
    zone = {(f"{number}.example", "TXT"): [f'"v=spf1 include:{number + 1}.example -all"'] for number in range(12)}
    with dns_server(zone) as running, pytest.raises(spf.Broken, match="more than 10"):
        spf.evaluate(Dns(running.place), "0.example", SOURCE)


def _quoted(text: str) -> str:
    """A TXT record, in pieces of at most 255 characters."""
    return " ".join(f'"{text[start : start + 200]}"' for start in range(0, len(text), 200))
