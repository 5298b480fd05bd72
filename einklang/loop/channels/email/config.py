"""How this installation sends: from EINKLANG_* variables, read anew at each call; a wrong value is told in words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path

from einklang.core import settings
from einklang.core.errors import SettingsError
from einklang.loop.channels.email import dkim

KEY_FILE = "dkim.pem"
SERVICES = ("postmark", "mailgun")


@dataclass(frozen=True)
class MailConfig:
    """`bounce_domain` takes what mail servers send back; `sources` are the addresses that mail leaves from."""

    domain: str
    key_file: Path
    selector: str
    bounce_domain: str | None
    bounce_listen: tuple[str, int] | None
    sources: tuple[str, ...]
    service: str | None
    resolver: tuple[str, int] | None

    @cached_property
    def key(self) -> dkim.Key | None:
        return dkim.load(self.key_file, self.key_file.stat().st_mtime_ns) if self.key_file.exists() else None

    @property
    def envelope_domain(self) -> str:
        return self.bounce_domain or self.domain


def get() -> MailConfig:
    return read(os.environ)


def read(env: Mapping[str, str]) -> MailConfig:
    own = settings.get()
    return MailConfig(
        domain=own.mail_domain,
        key_file=Path(env.get("EINKLANG_DKIM_KEY") or own.home / KEY_FILE),
        selector=env.get("EINKLANG_DKIM_SELECTOR") or "einklang",
        bounce_domain=env.get("EINKLANG_BOUNCE_DOMAIN") or None,
        bounce_listen=_place(env, "EINKLANG_BOUNCE_LISTEN"),
        sources=_addresses(env),
        service=_service(env),
        resolver=_place(env, "EINKLANG_RESOLVER"),
    )


def _place(env: Mapping[str, str], name: str) -> tuple[str, int] | None:
    value = env.get(name)
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal():
        raise SettingsError(f"{name} is {value!r}, but must be host and port, like 127.0.0.1:2525.")
    return host, int(port)


def _addresses(env: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(part.strip() for part in env.get("EINKLANG_MAIL_SOURCES", "").split(",") if part.strip())
    try:
        return tuple(str(ip_address(each)) for each in named)
    except ValueError as error:
        raise SettingsError("EINKLANG_MAIL_SOURCES must be IP addresses with commas between them.") from error


def _service(env: Mapping[str, str]) -> str | None:
    value = env.get("EINKLANG_MAIL_SERVICE") or None
    if value and value not in SERVICES:
        raise SettingsError(f"EINKLANG_MAIL_SERVICE is {value!r}, but must be one of: {', '.join(SERVICES)}.")
    return value
