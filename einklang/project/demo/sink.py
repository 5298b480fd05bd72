"""The demo's mail server: lays every mail that comes over SMTP into the inbox of the home, named by Message-ID."""

from __future__ import annotations

import asyncio
import os
import signal
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from einklang.core import ids, settings

LARGEST_MAIL = 5_000_000


class Inbox:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        message_id = message_from_bytes(content).get("Message-ID", "")
        place = path(self.folder, message_id)
        draft = place.with_name(f".{ids.new()}")
        draft.write_bytes(content)
        while place.exists():  # the same message came twice: keep both, so that a doubled mail is seen
            place = place.with_name(f"{place.stem}+.eml")
        draft.rename(place)
        return "250 OK"


def path(folder: Path, message_id: str) -> Path:
    return folder / f"{ids.digest(message_id.strip().encode())[:32]}.eml"


async def serve(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    loop = asyncio.get_running_loop()
    inbox = Inbox(folder)
    server = await loop.create_server(lambda: SMTP(inbox, data_size_limit=LARGEST_MAIL), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    draft = folder / f".port.{os.getpid()}"
    draft.write_text(str(port))
    draft.rename(folder / "port")
    stopped = asyncio.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(kind, stopped.set)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(settings.get().home / "inbox"))
