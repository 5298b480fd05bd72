"""A mail server with moods, a process of its own: `python -m tests.torture.smtp FOLDER PORT`.

What it keeps it keeps before it answers, each mail in a file of its own. The file `mood` in the folder says how it
answers, and is read for every mail:

    fine         takes it
    slow         takes it after a second
    stall        keeps it and answers too late;     stall_lost: loses it instead
    busy         451 to the recipient;              refuse: 554 to the body
    drop_before  hangs up at DATA;  drop_kept, drop_lost: after the body, with the mail or without
"""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

from einklang.core import ids

MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
END_OF_MAIL = b"\r\n.\r\n"
LONGER_THAN_PATIENCE = 9.5  # the adapter waits 8 s
LOST = ("stall_lost", "drop_lost", "refuse")
MOOD = "mood"


def mood(folder: Path) -> str:
    place = folder / MOOD
    return place.read_text() if place.exists() else "fine"


def change_mood(folder: Path, name: str) -> None:
    draft = folder / f".{MOOD}"
    draft.write_text(name)
    draft.rename(folder / MOOD)


def arrived(folder: Path) -> list[tuple[str, Path]]:
    """Message-ID and file of each mail, in the order in which they came."""
    return [(place.name.split(" ", 1)[1], place) for place in sorted(folder.glob("*@*"))]


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = len(arrived(folder))

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 torture\r\n")
        try:
            while await self._command(reader, writer):
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _command(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        word = (await reader.readuntil(b"\r\n"))[:4].upper()
        now = mood(self.folder)
        if word == b"DATA":
            return now != "drop_before" and await self._mail(reader, writer, now)
        busy = word == b"RCPT" and now == "busy"
        writer.write(b"451 try later\r\n" if busy else b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
        return word != b"QUIT"

    async def _mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, now: str) -> bool:
        writer.write(b"354 go on\r\n")
        await writer.drain()
        mail = await reader.readuntil(END_OF_MAIL)
        if now not in LOST:
            self._keep(mail)
        if now.startswith("drop"):
            return False
        if now.startswith("stall") or now == "slow":
            await asyncio.sleep(1 if now == "slow" else LONGER_THAN_PATIENCE)
        writer.write(b"554 no\r\n" if now == "refuse" else b"250 taken\r\n")
        return True

    def _keep(self, mail: bytes) -> None:
        self.number += 1
        found = MESSAGE_ID.search(mail)
        name = found[1].decode().strip("<>") if found else "?@?"
        draft = self.folder / f".{ids.new()}"
        draft.write_bytes(mail)
        draft.rename(self.folder / f"{self.number:07d} {name}")


async def serve(folder: Path, port: int) -> None:
    server = await asyncio.start_server(Server(folder), "127.0.0.1", port, limit=5_000_000)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
