"""What the intake is measured against: the same process with handlers that do less, and a responder that does nothing
(`python -m einklang.faces.api.bench_app intake|responder FD`)."""

from __future__ import annotations

import asyncio
import socket
import sys
from typing import cast

import orjson
import uvloop

from einklang.faces.api.intake import Receive, Scope, Send, serve
from einklang.faces.api.intake import app as intake

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-type: application/json\r\n\r\n{}"
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"2")]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    match scope.get("path"):
        case "/parse":
            await _parse(receive)
        case "/empty":
            pass
        case _:
            await intake(scope, receive, send)
            return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": b"{}"})


async def _parse(receive: Receive) -> None:
    message = await receive()
    body: bytes = message["body"]
    while message.get("more_body"):
        message = await receive()
        body += message["body"]
    orjson.loads(body)


class Responder(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(ANSWER)


async def respond(listening: socket.socket) -> None:
    server = await asyncio.get_running_loop().create_server(Responder, sock=listening)
    await server.serve_forever()


def main(what: str, descriptor: int) -> None:
    listening = socket.socket(fileno=descriptor)
    if what == "responder":
        uvloop.run(respond(listening))
    else:
        serve(app, listening)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
