"""A real SMTP server in a thread: takes mail, and refuses, delays or breaks off where the recipient's name asks, or
whoever it is where its mood is one of MOODS."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

MOODS = ("fine", "hangs up", "closes", "blocks us")
REFUSALS = {"refused": "550 5.1.1 No such mailbox", "greylisted": "451 4.7.1 Come back later"}


class MailServer:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.senders: list[str] = []
        self.url = ""
        self.mood = "fine"

    @property
    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails]

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.endswith("@stranger.example"):
            return "553 5.7.1 Sender is not ours"
        if self.mood == "closes":
            return "421 4.3.2 Closing for maintenance"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if refusal := REFUSALS.get(address.split("@")[0]):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = envelope.rcpt_tos[0].split("@")[0]
        if name == "spam" or self.mood == "blocks us":
            return "554 5.7.1 Content refused"
        content = envelope.content
        assert isinstance(content, bytes)
        self.senders.append(envelope.mail_from or "")
        self.raw.append(content)
        self.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(content))
        if name == "breaks" or self.mood == "hangs up":
            assert server.transport is not None
            server.transport.close()
        return "250 OK"


@contextmanager
def mail_server(*, certificate: ssl.SSLContext | None = None, **asks: Any) -> Iterator[MailServer]:
    """`asks`: what aiosmtpd's SMTP takes, as a login."""
    inbox = MailServer()
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(inbox, timeout=5, **asks), "127.0.0.1", 0, ssl=certificate)
    )
    inbox.url = f"smtp{'s' if certificate else ''}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield inbox
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
