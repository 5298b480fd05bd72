"""Does the DNS say that we may send for our domain? SPF, DKIM and DMARC, with the records that are to be set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from einklang.core import settings
from einklang.core.words import Words
from einklang.loop.channels.email import spf
from einklang.loop.channels.email.config import MailConfig
from einklang.loop.channels.email.lookup import Lookup, Unreachable

UNREACHABLE = "unreachable"
SERVICE_SPF = {"postmark": "include:spf.mtasv.net", "mailgun": "include:mailgun.org"}
POLICIES = ("none", "quarantine", "reject")
OPEN = ("+all", "all", "?all")
PROBLEMS = {
    "": Words("In Ordnung.", "In order."),
    UNREACHABLE: Words("Das DNS antwortet gerade nicht.", "The DNS does not answer just now."),
    "missing": Words("Der Eintrag fehlt.", "The record is missing."),
    "several": Words("Es gibt mehrere Einträge; einer darf es sein.", "There are several records; it must be one."),
    "broken": Words("Den Eintrag kann kein Mailserver lesen.", "No mail server can read the record."),
    "open": Words("Der Eintrag erlaubt jedem zu senden.", "The record allows anybody to send."),
    "not_named": Words("Der Eintrag nennt unseren Mailserver nicht.", "The record does not name our mail server."),
    "no_source": Words(
        "Von welcher Adresse unsere Mails ausgehen, ist nicht bekannt (EINKLANG_MAIL_SOURCES).",
        "The address from which our mails leave is not known (EINKLANG_MAIL_SOURCES).",
    ),
    "no_key": Words(
        "Es gibt noch keinen Schlüssel: `einklang mail key` macht ihn.",
        "There is no key yet: `einklang mail key` makes it.",
    ),
    "other_key": Words("Der Eintrag nennt einen anderen Schlüssel.", "The record names another key."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """`problem` is empty where the record is right. `name` and `record` are what is to be set."""

    part: str
    problem: str
    name: str
    record: str
    found: str = ""

    @property
    def ok(self) -> bool:
        return not self.problem

    @property
    def words(self) -> Words:
        return PROBLEMS[self.problem]


def check(mail: MailConfig, lookup: Lookup) -> list[Finding]:
    return [_asked(each, mail, lookup) for each in (_spf, _dkim, _dmarc)]


def _asked(part: Callable[[MailConfig, Lookup], Finding], mail: MailConfig, lookup: Lookup) -> Finding:
    try:
        return part(mail, lookup)
    except Unreachable as silence:
        return Finding(part.__name__.strip("_"), UNREACHABLE, mail.domain, "", str(silence))


def _spf(mail: MailConfig, lookup: Lookup) -> Finding:
    domain, sources = mail.envelope_domain, _sources(mail, lookup)
    found = spf.records(lookup, domain)
    wanted = " ".join(("v=spf1", *_named(mail, sources), "-all"))
    return Finding("spf", _spf_problem(mail, lookup, found, sources), domain, wanted, " | ".join(found))


def _spf_problem(mail: MailConfig, lookup: Lookup, found: list[str], sources: tuple[str, ...]) -> str:
    if len(found) != 1:
        return "several" if found else "missing"
    if set(found[0].lower().split()) & set(OPEN):
        return "open"
    if mail.service:
        return "" if SERVICE_SPF[mail.service] in found[0].split() else "not_named"
    if not sources:
        return "no_source"
    try:
        answers = [spf.evaluate(lookup, mail.envelope_domain, each) for each in sources]
    except spf.Broken:
        return "broken"
    return "" if set(answers) == {"pass"} else "not_named"


def _named(mail: MailConfig, sources: tuple[str, ...]) -> Iterator[str]:
    if mail.service:
        yield SERVICE_SPF[mail.service]
    else:
        yield from (f"ip{ip_address(each).version}:{each}" for each in sources)


def _sources(mail: MailConfig, lookup: Lookup) -> tuple[str, ...]:
    """The configured ones, or the mail server's own where the world can see it."""
    if mail.sources or mail.service:
        return mail.sources
    host = urlsplit(settings.get().smtp_url or "").hostname
    return tuple(each for each in lookup.addresses(host) if ip_address(each).is_global) if host else ()


def _dkim(mail: MailConfig, lookup: Lookup) -> Finding:
    name = f"{mail.selector}._domainkey.{mail.domain}"
    if mail.key is None:
        return Finding("dkim", "no_key", name, "")
    found = lookup.txt(name)
    return Finding("dkim", _dkim_problem(found, mail.key.public), name, mail.key.record, " | ".join(found))


def _dkim_problem(found: list[str], public: str) -> str:
    if len(found) != 1:
        return "several" if found else "missing"
    return "" if _tags(found[0]).get("p", "").replace(" ", "") == public else "other_key"


def _dmarc(mail: MailConfig, lookup: Lookup) -> Finding:
    """That of a domain above counts as well, as receivers see it."""
    labels = mail.domain.split(".")
    places = [".".join(("_dmarc", *labels[start:])) for start in range(max(1, len(labels) - 1))]
    found = next((texts for place in places if (texts := _dmarc_records(lookup, place))), [])
    wanted = f"v=DMARC1; p=quarantine; rua=mailto:dmarc@{mail.domain}"
    return Finding("dmarc", _dmarc_problem(found), places[0], wanted, " | ".join(found))


def _dmarc_records(lookup: Lookup, name: str) -> list[str]:
    return [text for text in lookup.txt(name) if text.lower().replace(" ", "").startswith("v=dmarc1")]


def _dmarc_problem(found: list[str]) -> str:
    if len(found) != 1:
        return "several" if found else "missing"
    return "" if _tags(found[0]).get("p") in POLICIES else "broken"


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
