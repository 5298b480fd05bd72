"""Configuration from EINKLANG_* variables. Django-free; a wrong value stops the start with a sentence."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

import orjson

from einklang.core.errors import SettingsError

ENVIRONMENTS = ("development", "production")
MODEL = "aurelia"  # the legal entity of a house that nobody has set up; its rules are what a company starts from
NO_HOME = "EINKLANG_HOME is {}, but no house can be kept there: {}. Name a folder that this user may write to."
STORED = ("legal_entity", "public_url", "smtp_url", "mail_domain", "safety_mailbox")


@dataclass(frozen=True)
class Settings:
    home: Path
    database_url: str | None
    demo: bool
    production: bool
    secret_key: str
    public_url: str
    smtp_url: str | None
    mail_domain: str
    safety_mailbox: str
    legal_entity: str
    allowed_hosts: tuple[str, ...]
    web: int
    workers: int


@cache
def get() -> Settings:
    return read({**stored(os.environ), **os.environ})


def stored(env: Mapping[str, str]) -> dict[str, str]:
    """What `einklang init` wrote into the home, as variables; the environment has the last word."""
    place = _home(env) / "company.json"
    try:
        told = orjson.loads(place.read_bytes()).get("settings", {}) if place.exists() else {}
    except (orjson.JSONDecodeError, AttributeError) as error:
        raise SettingsError(f"{place} must hold what `einklang init` writes: name, imprint, settings.") from error
    return {f"EINKLANG_{name.upper()}": told[name] for name in STORED if told.get(name)}


def read(env: Mapping[str, str]) -> Settings:
    home = _home(env)
    production = _environment(env) == "production"
    public_url = _public_url(env)
    host = urlsplit(public_url).hostname or "localhost"
    demo = _flag(env, "EINKLANG_DEMO") or (home / "demo").exists()
    if demo and production:
        raise SettingsError(
            "EINKLANG_ENV=production is not possible with the demo's home: a demo moves the clock. "
            "Unset EINKLANG_DEMO and choose another EINKLANG_HOME."
        )
    return Settings(
        home=home,
        database_url=_database_url(env),
        demo=demo,
        production=production,
        secret_key=_secret_key(env, home, production=production),
        public_url=public_url,
        smtp_url=_smtp_url(env),
        mail_domain=env.get("EINKLANG_MAIL_DOMAIN") or host,
        safety_mailbox=env.get("EINKLANG_SAFETY_MAILBOX") or f"safety@{env.get('EINKLANG_MAIL_DOMAIN') or host}",
        legal_entity=env.get("EINKLANG_LEGAL_ENTITY") or MODEL,
        allowed_hosts=_hosts(env, host, production=production),
        web=_count(env, "EINKLANG_WEB", default=1),
        workers=_count(env, "EINKLANG_WORKERS", default=1),
    )


def _home(env: Mapping[str, str]) -> Path:
    home = Path(env.get("EINKLANG_HOME") or "var").absolute()
    there = next(each for each in (home, *home.parents) if os.access(each, os.F_OK))
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise SettingsError(NO_HOME.format(home, f"{there} is {'not writable' if there.is_dir() else 'a file'}"))
    return home


def _environment(env: Mapping[str, str]) -> str:
    value = env.get("EINKLANG_ENV") or ENVIRONMENTS[0]
    if value not in ENVIRONMENTS:
        raise SettingsError(f"EINKLANG_ENV is {value!r}, but must be one of: {', '.join(ENVIRONMENTS)}.")
    return value


def _flag(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name) or "0"
    if value not in ("0", "1"):
        raise SettingsError(f"{name} is {value!r}, but must be 0 or 1.")
    return value == "1"


def _count(env: Mapping[str, str], name: str, *, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdecimal() or not 1 <= int(value) <= 64:
        raise SettingsError(f"{name} is {value!r}, but must be a whole number from 1 to 64.")
    return int(value)


def _database_url(env: Mapping[str, str]) -> str | None:
    value = env.get("EINKLANG_DATABASE_URL") or None
    if value and urlsplit(value).scheme not in ("postgresql", "postgres"):
        raise SettingsError(
            "EINKLANG_DATABASE_URL must begin with postgresql://. Unset it to use the embedded PostgreSQL."
        )
    return value


def _public_url(env: Mapping[str, str]) -> str:
    value = (env.get("EINKLANG_PUBLIC_URL") or "http://localhost:8000").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise SettingsError(
            f"EINKLANG_PUBLIC_URL is {value!r}, but must be scheme and host only, like https://portal.example.com."
        )
    return value


def _smtp_url(env: Mapping[str, str]) -> str | None:
    value = env.get("EINKLANG_SMTP_URL") or None
    if value and not (urlsplit(value).scheme in ("smtp", "smtps") and urlsplit(value).hostname):
        raise SettingsError("EINKLANG_SMTP_URL must look like smtp://user:password@host:port. Unset it for no mail.")
    return with_password(value, env.get("EINKLANG_SMTP_PASSWORD")) if value else None


def with_password(url: str, password: str | None) -> str:
    """The home keeps no secret: the password of the mail server comes from the environment alone."""
    parts = urlsplit(url)
    if not password or not parts.username or parts.password:
        return url
    return url.replace(f"{parts.username}@", f"{parts.username}:{quote(password, safe='')}@", 1)


def _hosts(env: Mapping[str, str], host: str, *, production: bool) -> tuple[str, ...]:
    named = tuple(name.strip() for name in env.get("EINKLANG_ALLOWED_HOSTS", "").split(",") if name.strip())
    local = () if production else ("localhost", "127.0.0.1", "[::1]", "testserver")
    return tuple(dict.fromkeys((host, *named, *local)))


def _secret_key(env: Mapping[str, str], home: Path, *, production: bool) -> str:
    if value := env.get("EINKLANG_SECRET_KEY"):
        if len(value) < 50:
            raise SettingsError("EINKLANG_SECRET_KEY is too short: it must have at least 50 random characters.")
        return value
    if production:
        raise SettingsError("EINKLANG_SECRET_KEY is not set, but production needs at least 50 random characters.")
    try:
        return _generated_key(home / "secret_key")
    except OSError as error:
        raise SettingsError(NO_HOME.format(home, error.strerror)) from error


def _generated_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)  # the first of several starting processes wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
