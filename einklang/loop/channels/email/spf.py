"""May this address send for this domain? RFC 7208, but for macros, which match nothing here."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

from einklang.core.errors import EinklangError
from einklang.loop.channels.email.lookup import Lookup

Answer = Literal["pass", "fail", "softfail", "neutral", "none"]
QUALIFIERS: dict[str, Answer] = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}
MOST_LOOKUPS = 10
MACRO = "%{"


class Broken(EinklangError):
    """A record that no mail server can read."""


@dataclass
class Search:
    """One evaluation: whose address, and how many questions were asked."""

    lookup: Lookup
    address: IPv4Address | IPv6Address
    asked: int = field(default=0)

    def ask(self) -> None:
        self.asked += 1
        if self.asked > MOST_LOOKUPS:
            raise Broken(f"more than {MOST_LOOKUPS} further questions")


def records(lookup: Lookup, domain: str) -> list[str]:
    return [text for text in lookup.txt(domain) if text.lower().split(" ")[0] == "v=spf1"]


def evaluate(lookup: Lookup, domain: str, address: str) -> Answer:
    """Raises `Broken` where the record is no SPF."""
    return _evaluate(Search(lookup, ip_address(address)), domain)


def _evaluate(search: Search, domain: str) -> Answer:
    found = records(search.lookup, domain)
    if not found:
        return "none"
    if len(found) > 1:
        raise Broken(f"{len(found)} records for {domain}")
    redirect = None
    for term in found[0].split()[1:]:
        if "=" in term:
            name, _, value = term.partition("=")
            redirect = value if name.lower() == "redirect" else redirect
        elif _matches(search, domain, term.lstrip("+-~?")):
            return QUALIFIERS.get(term[0], "pass")
    if redirect is None:
        return "neutral"
    search.ask()
    return _evaluate(search, redirect)


def _matches(search: Search, domain: str, mechanism: str) -> bool:
    name, _, rest = mechanism.partition(":")
    name, slash, lengths = name.partition("/") if not rest else (name, "", "")
    kind, target = name.lower(), rest or domain + slash + lengths
    if kind == "all":
        return True
    if kind in ("ip4", "ip6"):
        return _within(search.address, rest, "")
    if kind not in ("a", "mx", "include", "exists", "ptr"):
        raise Broken(f"{mechanism!r} is not known")
    search.ask()
    if MACRO in target or kind in ("exists", "ptr"):
        return False
    if kind == "include":
        return _evaluate(search, target) == "pass"
    host, _, length = target.partition("/")
    hosts = search.lookup.exchangers(host) if kind == "mx" else [host]
    return any(_within(search.address, each, length) for host in hosts for each in search.lookup.addresses(host))


def _within(address: IPv4Address | IPv6Address, network: str, lengths: str) -> bool:
    """`lengths` is 24, 24//64 or //64: of version 4 and of version 6."""
    four, _, six = lengths.partition("//")
    length = six if ":" in network else four.rstrip("/")
    try:
        return address in ip_network(f"{network}/{length}" if length else network, strict=False)
    except ValueError as error:
        raise Broken(f"{network!r} is no address") from error
