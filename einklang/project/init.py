"""The first act of a company: who it is, where it lives, how it sends mail, and who administrates."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import orjson

from einklang.core import settings
from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.project import company_form

PATIENCE_SECONDS = 8
FIRST = "Erste Einrichtung"
NO_PASSWORD = (
    Words("Der Mailserver verlangt ein Passwort.", "The mail server asks for a password."),
    Words("Setzen Sie EINKLANG_SMTP_PASSWORD.", "Set EINKLANG_SMTP_PASSWORD."),
)


def known(home: Path) -> dict[str, str]:
    """The answers of the last time."""
    place = home / "company.json"
    told = orjson.loads(place.read_bytes()) if place.exists() else {}
    return {name: str(value) for name, value in told.get("answers", {}).items()}


def keep(home: Path, answers: Mapping[str, str]) -> None:
    """The company's own rule pack first: nothing starts without one."""
    from einklang.loop.gate import overlay

    home.mkdir(parents=True, exist_ok=True)
    _pack(home, overlay.company(answers["legal_entity"], answers["company"]))
    draft = home / f".company.{os.getpid()}"
    draft.write_bytes(orjson.dumps(company_form.document(answers), option=orjson.OPT_INDENT_2))
    draft.replace(home / "company.json")
    settings.get.cache_clear()


def try_mail(answers: Mapping[str, str]) -> str:
    """Connects, greets, encrypts and logs in, as each mail will. Raises InputError with the field that is wrong."""
    url = urlsplit(company_form.mail_url(answers))
    if not url.hostname:
        return ""
    try:
        return _greeted(url.hostname, url.port or 0, answers["mail_security"], answers.get("mail_user", ""))
    except smtplib.SMTPAuthenticationError as error:
        raise InputError("mail_user", *_refused(error)) from error
    except ssl.SSLError as error:
        raise InputError("mail_security", *_unsafe(str(error.reason or error))) from error
    except (smtplib.SMTPException, OSError) as error:
        raise InputError("mail_host", *_silent(f"{url.hostname}:{url.port}", error)) from error


def first_administrator(answers: Mapping[str, str], *, source: str, now: datetime) -> UUID:
    """Raises InputError where the password is too weak or the address is taken."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from einklang.core.connection import cursor
    from einklang.facts.people import roles, users
    from einklang.facts.people.models import User

    shown = User(email=answers["admin_email"], name=answers["admin_name"])
    try:
        validate_password(answers["admin_password"], shown)
    except ValidationError as error:
        raise InputError("admin_password", " ".join(error.messages)) from error
    return users.create(
        cursor(),
        email=answers["admin_email"],
        name=answers["admin_name"],
        roles=[roles.ADMINISTRATOR],
        password=make_password(answers["admin_password"]),
        by=users.By(None, FIRST, source),
        now=now,
    )


def _greeted(host: str, port: int, security: str, user: str) -> str:
    safe = ssl.create_default_context()
    connect: Any = smtplib.SMTP_SSL if security == company_form.TLS else smtplib.SMTP
    with connect(host, port, timeout=PATIENCE_SECONDS) as server:
        server.ehlo_or_helo_if_needed()
        if security == company_form.STARTTLS:
            server.starttls(context=safe)
            server.ehlo_or_helo_if_needed()
        if user:
            server.login(user, _password())
        return f"{host}:{port} {server.noop()[0]}"


def _password() -> str:
    found = os.environ.get("EINKLANG_SMTP_PASSWORD", "")
    stored = urlsplit(settings.get().smtp_url or "").password
    if not found and not stored:
        raise InputError("mail_user", *NO_PASSWORD)
    return found or unquote(stored or "")


def _refused(error: smtplib.SMTPAuthenticationError) -> tuple[Words, Words]:
    code = error.smtp_code
    return (
        Words(f"Der Mailserver weist die Anmeldung ab ({code}).", f"The mail server refuses the login ({code})."),
        Words("Prüfen Sie Benutzer und EINKLANG_SMTP_PASSWORD.", "Check user and EINKLANG_SMTP_PASSWORD."),
    )


def _unsafe(reason: str) -> tuple[Words, Words]:
    return (
        Words(f"Die Verschlüsselung kommt nicht zustande ({reason}).", f"The encryption fails ({reason})."),
        Words("Prüfen Sie Port, Zertifikat und Verschlüsselung.", "Check port, certificate and encryption."),
    )


def _silent(place: str, error: Exception) -> tuple[Words, Words]:
    said = str(error) or type(error).__name__
    return (
        Words(
            f"{place} antwortet nicht wie ein Mailserver: {said}.", f"{place} does not answer as a mail server: {said}."
        ),
        Words("Prüfen Sie Mailserver, Port und Verschlüsselung.", "Check mail server, port and encryption."),
    )


def _pack(home: Path, document: Mapping[str, Any]) -> None:
    """Once: what stands there may have been cited by a verdict. The model company brings its own."""
    import yaml

    from einklang.loop.gate import overlay

    entity = document["pack"]["id"]
    place = home / "packs" / f"{entity}.yaml"
    if entity == overlay.MODEL or place.exists():
        return
    place.parent.mkdir(exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}")
    draft.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120))
    draft.replace(place)
