"""An SMTP server that takes everything and counts it, for benches and crash tests: `python -m … COUNTED_FILE`.

Prints its port. Each mail is a line of the file, its Message-ID, written before the mail is acknowledged.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
END_OF_MAIL = b"\r\n.\r\n"
ANSWERS = {b"EHLO": b"250 sink\r\n", b"HELO": b"250 sink\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}


class Sink(asyncio.Protocol):
    def __init__(self, counted: int) -> None:
        self.counted = counted
        self.buffer = b""
        self.in_mail = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while self._take_mail() if self.in_mail else self._take_command():
            pass

    def _take_command(self) -> bool:
        line, end, rest = self.buffer.partition(b"\r\n")
        if not end:
            return False
        self.buffer = rest
        word = line[:4].upper()
        self.in_mail = word == b"DATA"
        self._say(ANSWERS.get(word, b"250 ok\r\n"))
        return True

    def _take_mail(self) -> bool:
        mail, end, rest = self.buffer.partition(END_OF_MAIL)
        if not end:
            return False
        self.buffer, self.in_mail = rest, False
        found = MESSAGE_ID.search(mail)
        os.write(self.counted, (found[1] if found else b"?") + b"\n")
        self._say(b"250 taken\r\n")
        return True

    def _say(self, answer: bytes) -> None:
        assert self.transport is not None
        self.transport.write(answer)


async def serve(file: Path) -> None:
    counted = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    server = await asyncio.get_running_loop().create_server(lambda: Sink(counted), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
