"""What the DNS says, in the few questions that mail needs."""

from __future__ import annotations

from typing import Protocol

import dns.exception
import dns.resolver

from einklang.core.errors import EinklangError

PATIENCE_SECONDS = 3.0


class Unreachable(EinklangError):
    """The DNS gives no answer now, which says nothing about the records."""


class Lookup(Protocol):
    """An unknown name has no records; raises `Unreachable` where nobody answers."""

    def txt(self, name: str) -> list[str]: ...

    def addresses(self, name: str) -> list[str]: ...

    def exchangers(self, name: str) -> list[str]: ...


class Dns:
    def __init__(self, server: tuple[str, int] | None = None) -> None:
        """`server` instead of those that the machine asks."""
        self._resolver = dns.resolver.Resolver(configure=server is None)
        self._resolver.lifetime = PATIENCE_SECONDS
        if server:
            self._resolver.nameservers, self._resolver.port = [server[0]], server[1]

    def txt(self, name: str) -> list[str]:
        return [b"".join(record.strings).decode(errors="replace") for record in self._ask(name, "TXT")]

    def addresses(self, name: str) -> list[str]:
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def exchangers(self, name: str) -> list[str]:
        return [record.exchange.to_text(omit_final_dot=True) for record in self._ask(name, "MX")]

    def _ask(self, name: str, kind: str) -> list[dns.resolver.Answer]:
        try:
            return list(self._resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise Unreachable(f"The DNS does not answer about {name}: {type(error).__name__}.") from error
