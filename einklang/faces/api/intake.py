"""Intake for the clients of Segment, RudderStack and Jitsu: `POST /v1/{batch,track,…}`. ASGI, without Django.

Alone: `python -m einklang.faces.api.intake --port 8100`."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import psycopg

from einklang.core import settings
from einklang.faces.api import wire
from einklang.faces.api.admission import admits
from einklang.faces.api.documents import document
from einklang.faces.api.group import UNAVAILABLE, Group
from einklang.faces.api.store import Job
from einklang.faces.api.wire import Answer, Unreadable, problem
from einklang.watch import lines, trace

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

PREFIXES = ("/v1/", "/api/s/", "/beacon/v1/", "/sourceConfig")  # what the front sends here
KINDS = ("batch", "track", "identify", "page", "screen", "group", "alias")
KIND_OF = (
    {f"/v1/{name}": kind for kind in KINDS for name in (kind, kind[0])}
    | {f"/api/s/{side}{kind}": kind for kind in KINDS for side in ("", "s2s/")}  # Jitsu's clients
    | {"/beacon/v1/batch": "batch"}  # RudderStack's browser library when a page closes
)
NOT_FOUND = problem(404, "There is nothing here. Events are sent to /v1/batch, /v1/track, /v1/identify or /v1/page.")
NOT_ALLOWED = problem(405, "Events are sent by POST.", (b"allow", b"POST, OPTIONS"))
ONLY_READ = problem(405, "This document is read by GET.", (b"allow", b"GET, HEAD, OPTIONS"))
ALLOWED_HEADERS = (
    b"authorization, content-type, content-encoding, anonymousid, sentat, x-write-key, x-enable-debug, x-ip-policy"
)
ALLOWED = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", ALLOWED_HEADERS),
    (b"access-control-max-age", b"3600"),
)


class Gone(Exception):
    """The client left before it had sent everything."""


class Intake:
    def __init__(self) -> None:
        self.group: Group | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        headers = dict(scope["headers"])
        try:
            answer = await self._answer(scope, headers, receive)
        except Gone:
            return
        await _send(send, answer, headers.get(b"origin"))

    async def _answer(self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive) -> Answer:
        kind = KIND_OF.get(scope["path"])
        if kind is None:
            return await self._other(scope, headers)
        self.group = self.group or Group()
        if scope["method"] == "OPTIONS":
            return await self._preflight(self.group, headers)
        if scope["method"] != "POST":
            return NOT_ALLOWED
        try:
            body = await _body(receive, headers)
            call = wire.read(kind, body, headers, scope["query_string"])
        except Unreadable as error:
            return problem(400, str(error))
        client = scope.get("client")
        return await self.group.answer(Job(call, *_from(headers), client[0] if client else "", trace.current()))

    async def _other(self, scope: Scope, headers: Mapping[bytes, bytes]) -> Answer:
        found = document(scope["path"], scope["query_string"], headers, settings.get().public_url)
        if found is None:
            return NOT_FOUND
        if scope["method"] == "OPTIONS":
            self.group = self.group or Group()
            return await self._preflight(self.group, headers)
        return found if scope["method"] in ("GET", "HEAD") else ONLY_READ

    async def _preflight(self, group: Group, headers: Mapping[bytes, bytes]) -> Answer:
        origin, host = _from(headers)
        try:
            allowed = {*await group.origins(), settings.get().public_url}
        except psycopg.Error:
            return UNAVAILABLE
        if not admits(origin, host, allowed):
            return problem(403, "No write key allows this origin.")
        return Answer(204, b"", headers=ALLOWED)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        if self.group:
            await self.group.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
    """Raises `Unreadable` as soon as it is too large."""
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > wire.LARGEST_BODY:
        raise wire.too_large()
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > wire.LARGEST_BODY:
            raise wire.too_large()
    if message["type"] == "http.disconnect":
        raise Gone
    return body


def _from(headers: Mapping[bytes, bytes]) -> tuple[str | None, str]:
    origin = headers.get(b"origin")
    return origin.decode("latin-1") if origin else None, headers.get(b"host", b"").decode("latin-1")


async def _send(send: Send, answer: Answer, origin: bytes | None) -> None:
    headers = [
        (b"content-type", answer.content_type),
        (b"content-length", str(len(answer.body)).encode()),
        *answer.headers,
    ]
    if origin and answer.status != 403:
        headers += [(b"access-control-allow-origin", origin), (b"vary", b"origin")]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


app = Intake()


def serve(app: Callable[[Scope, Receive, Send], Awaitable[None]], listening: socket.socket) -> None:
    """On a socket rather than a descriptor, whose family uvicorn would mistake and then wait 40 ms for each answer."""
    import uvicorn

    lines.begin()
    trace.begin("intake")
    config = uvicorn.Config(app, http="httptools", access_log=False, server_header=False, log_config=None)
    uvicorn.Server(config).run(sockets=[listening])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m einklang.faces.api.intake", description="The intake alone.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    given = parser.parse_args()
    if settings.get().database_url is None:
        parser.error("EINKLANG_DATABASE_URL is not set: alone, the intake uses a PostgreSQL that somebody else runs.")
    serve(app, socket.create_server((given.host, given.port), backlog=2048))


if __name__ == "__main__":
    main()
