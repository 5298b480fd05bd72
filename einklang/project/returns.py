"""Where mail comes back to: an SMTP server for the return addresses of our own mails (EINKLANG_BOUNCE_LISTEN).

Nothing is acknowledged before it is committed: a sender that hears 451 comes again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import django
import psycopg
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error, connection, transaction

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.errors import EinklangError
from einklang.loop.channels.email import config, dsn, verp
from einklang.watch import lines

LARGEST_MAIL = 1_000_000  # a report may carry the whole mail
MOST_RECIPIENTS = 20
UNKNOWN = "550 5.1.1 No such mailbox"
LATER = "451 4.3.0 Try again later"
TAKEN = "250 OK"

log = logging.getLogger("einklang.returns")


class Returns:
    """One thread for the database: reports are rare, and each is small."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(max_workers=1)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if verp.read(address) is None:
            return UNKNOWN
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return TAKEN

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        messages = [message for each in envelope.rcpt_tos if (message := verp.read(each))]
        try:
            await asyncio.get_running_loop().run_in_executor(self.thread, store, content, messages)
        except (Error, psycopg.Error, EinklangError) as lost:
            log.warning("A report could not be stored (%s); its sender is asked to come again.", type(lost).__name__)
            return LATER
        return TAKEN


def store(content: bytes, messages: Sequence[UUID]) -> None:
    from einklang.loop.gate import receipts

    try:
        with transaction.atomic():
            cur = cursor()
            now = clock.now(cur)
            found = [receipt for each in messages if (receipt := dsn.receipt(content, each, now))]
            receipts.apply(cur, found, now)
    except (Error, psycopg.Error):
        connection.close()
        raise


async def serve(host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    returns = Returns()
    server = await loop.create_server(lambda: SMTP(returns, data_size_limit=LARGEST_MAIL), host, port)
    log.info("Mail that comes back is taken at %s:%d.", *server.sockets[0].getsockname()[:2])
    stopped = asyncio.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(kind, stopped.set)
    await stopped.wait()
    server.close()
    returns.thread.shutdown()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    django.setup()
    place = config.get().bounce_listen
    assert place, "the supervisor starts this process only where it shall listen"
    asyncio.run(serve(*place))


if __name__ == "__main__":
    lines.catch()
    main()
