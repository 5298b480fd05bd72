"""E-mail over SMTP: one message a call on one open connection, and an honest answer for each."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from einklang.core import clock, settings
from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.loop.channels.contract import Fate, Fault, Outcome, Outgoing, Receipt, Told, go_on
from einklang.loop.channels.email import config, dkim, journal, provider, reports
from einklang.loop.channels.email.config import MailConfig

BATCH = timedelta(seconds=10)
TIMEOUT_SECONDS = 8
DEMANDS_TLS = "tls=required"  # then a server without STARTTLS gets nothing
NO_SERVER = "no mail server is configured (EINKLANG_SMTP_URL)"
REFUSED_ADDRESS = {550, 551, 553}
CLOSING = 421
LOGIN_WANTED = {530, 534, 535, 538}
LEADING_DOT = re.compile(rb"(?m)^\.")
NO_REPORTS = Words("Das ist keine Meldung über Mails.", "This is no report about mails.")

# Before the body has left, a lost connection means not sent; after that nobody can say.
LOST = (smtplib.SMTPServerDisconnected, OSError)


class Answer(NamedTuple):
    outcome: Outcome
    detail: str
    permanent: bool = False
    fault: Fault | None = None


class EmailAdapter:
    channel = "email"

    def __init__(self, target: Callable[[], str | None] | None = None) -> None:
        """`target` gives the URL of the mail server, asked anew for each connection."""
        self.target = target or (lambda: settings.get().smtp_url)

    def host(self) -> str:
        parts = urlsplit(self.target() or "")
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""

    def send(self, messages: Sequence[Outgoing], now: datetime, told: Told = go_on) -> list[Receipt]:
        receipts: list[Receipt] = []
        for receipt in self._receipts(messages, now):
            receipts.append(receipt)
            if not told(receipt):
                break
        return receipts

    def _receipts(self, messages: Sequence[Outgoing], now: datetime) -> Iterator[Receipt]:
        end = clock.real_now() + BATCH
        mail = config.get()
        try:
            written = journal.Journal(_journals(), messages)
        except OSError as error:  # no room for it: what leaves must be written down before
            yield from _put_off(messages, now, error, "unwritten")
            return
        server: smtplib.SMTP | None = None
        try:
            for place, message in enumerate(messages):
                if clock.real_now() > end:
                    return
                try:
                    server = server or self._connect()
                except (smtplib.SMTPException, *LOST) as error:
                    yield from _put_off(messages[place:], now, error, _closed(error))
                    return
                mime = finished(message, mail)
                try:
                    written.leaves(message)
                except OSError as error:
                    yield from _put_off(messages[place:], now, error, "unwritten")
                    return
                answer = _deliver(server, message, mime)
                written.heard(message, answer.outcome)
                server = _reset(server)
                yield Receipt(message.id, answer.outcome, now, answer.detail, answer.permanent, answer.fault)
        finally:
            _quit(server)
            written.close()

    def parse(self, payload: Any) -> list[Receipt]:
        """A list of django-anymail's tracking events."""
        events = reports.all_of(payload)
        if events is None:
            raise InputError("payload", NO_REPORTS)
        return reports.receipts(events, clock.real_now())

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
        return journal.fates(_journals(), messages)

    def _connect(self) -> smtplib.SMTP:
        url = self.target()
        if url is None:
            raise smtplib.SMTPServerDisconnected(NO_SERVER)
        return connect(url)


def connect(url: str) -> smtplib.SMTP:
    """Greeted, encrypted as the URL asks for, and logged in."""
    parts = urlsplit(url)
    server = _open(parts)
    try:
        server.ehlo_or_helo_if_needed()
        if parts.scheme == "smtp" and (server.has_extn("starttls") or parts.query == DEMANDS_TLS):
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except (smtplib.SMTPException, *LOST):
        server.close()
        raise
    return server


def _open(parts: SplitResult) -> smtplib.SMTP:
    place = (parts.hostname or "", parts.port or 0)
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(*place, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(*place, timeout=TIMEOUT_SECONDS)


def _journals() -> Path:
    return settings.get().home / "outgoing"


def finished(message: Outgoing, mail: MailConfig) -> bytes:
    """The mail as it leaves: named for the mail service, and signed."""
    mime = provider.headers(mail.service, message.id) + message.mime
    if mail.key is None:
        return mime
    return dkim.sign(mime, mail.key, domain=mail.domain, selector=mail.selector, at=clock.real_now())


def _deliver(server: smtplib.SMTP, message: Outgoing, mime: bytes) -> Answer:
    try:
        for command, code, reply in _envelope(server, message):
            if code >= 400:
                return _refused(command, code, reply)
    except (smtplib.SMTPException, *LOST) as error:
        return Answer("deferred", _said(error), fault="refused")
    try:
        server.send(_on_the_wire(mime))
        code, reply = server.getreply()
    except (smtplib.SMTPException, *LOST) as error:
        return Answer("uncertain", f"the connection broke after DATA: {_said(error)}", fault="broken")
    return _refused("body", code, reply) if code >= 400 else Answer("sent", _text(code, reply))


def _envelope(server: smtplib.SMTP, message: Outgoing) -> Iterator[tuple[str, int, bytes]]:
    yield "MAIL", *server.mail(message.sender)
    yield "RCPT", *server.rcpt(message.recipient)
    yield "DATA", *server.docmd("DATA")


def _refused(command: str, code: int, reply: bytes) -> Answer:
    """Only a refused recipient speaks against the address; a refused sender is ours to mend, so the mail waits."""
    detail = f"{command}: {_text(code, reply)}"
    if command == "MAIL" or code == CLOSING or code in LOGIN_WANTED:
        return Answer("deferred", detail, fault="refused")
    if code < 500:
        return Answer("deferred", detail)
    return Answer("failed", detail, permanent=command == "RCPT" and code in REFUSED_ADDRESS)


def _on_the_wire(mime: bytes) -> bytes:
    body = LEADING_DOT.sub(b"..", mime)
    return body + (b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n")


def _put_off(messages: Sequence[Outgoing], now: datetime, error: Exception, fault: Fault) -> Iterator[Receipt]:
    return (Receipt(late.id, "deferred", now, _said(error), fault=fault) for late in messages)


def _closed(error: Exception) -> Fault:
    return "login" if isinstance(error, smtplib.SMTPAuthenticationError) else "unreachable"


def _reset(server: smtplib.SMTP) -> smtplib.SMTP | None:
    """Ready for the next message, or closed."""
    try:
        server.rset()
    except (smtplib.SMTPException, *LOST):
        server.close()
        return None
    return server


def _quit(server: smtplib.SMTP | None) -> None:
    if server is not None:
        with suppress(smtplib.SMTPException, *LOST):
            server.quit()


def _text(code: int, reply: bytes) -> str:
    return f"{code} {reply.decode(errors='replace')}"


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
