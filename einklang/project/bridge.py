"""WSGI inside ASGI: Django's pages run in a few threads, which is faster than its own ASGI side.

A thread makes an answer and is free again: whoever reads slowly keeps the answer waiting and nobody else. Only what is
larger than WHOLE is handed over in pieces, and who does not take a piece in time gets no more of it.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Messages = list[dict[str, Any]]
Emit = Callable[[Messages], None]

THREADS = 2
WHOLE = 2 << 20
PIECE = 256 << 10
PATIENCE_SECONDS = 10.0  # for one piece
LARGEST_BODY = 10 << 20
LARGEST_BODIES = {"/studio/imports/new/": 31 << 20}  # a file of a hundred thousand rows
TOO_LARGE: Messages = [
    {"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain; charset=utf-8")]},
    {"type": "http.response.body", "body": b"The request is too large."},
]


def bridge(wsgi: Wsgi, threads: int = THREADS) -> App:
    pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        async def deliver(messages: Messages) -> None:
            for message in messages:
                await send(message)

        def emit(messages: Messages) -> None:
            delivered = asyncio.run_coroutine_threadsafe(deliver(messages), loop)
            try:
                delivered.result(PATIENCE_SECONDS)
            except TimeoutError:
                delivered.cancel()
                raise ClientGone from None

        body = await _body(receive, _largest(scope["path"]))
        if body is None:
            await deliver(TOO_LARGE)
            return
        with suppress(ClientGone):  # the server closes what ends too early
            await deliver(
                await loop.run_in_executor(pool, copy_context().run, _answer, wsgi, _environ(scope, body), emit)
            )

    return app


class ClientGone(ConnectionError):
    """It is there, but reads nothing, and the thread is needed for others."""


def _largest(path: str) -> int:
    return next((size for prefix, size in LARGEST_BODIES.items() if path.startswith(prefix)), LARGEST_BODY)


async def _body(receive: Receive, largest: int) -> bytes | None:
    """None where it is too large or the client left."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
        if size > largest or message["type"] == "http.disconnect":
            return None
    return b"".join(chunks)


def _environ(scope: Scope, body: bytes) -> dict[str, Any]:
    server = scope.get("server") or ("localhost", 80)
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" not in name:  # X_Forwarded_Proto would pass for X-Forwarded-Proto
            _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
    separator = "; " if name == "cookie" else ","
    environ[key] = f"{environ[key]}{separator}{value}" if key in environ else value


def _answer(wsgi: Wsgi, environ: dict[str, Any], emit: Emit) -> Messages:
    """The answer, or the last part of one that is larger than WHOLE."""
    head: Messages = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        head.append({"type": "http.response.start", "status": int(status[:3]), "headers": pairs})

    result = wsgi(environ, start_response)
    try:
        waiting, size, enough = list[bytes](), 0, WHOLE
        for chunk in result:
            waiting.append(chunk)
            size += len(chunk)
            if size > enough:
                emit([*head, _body_part(waiting, more=True)])
                head, waiting, size, enough = [], [], 0, PIECE
        return [*head, _body_part(waiting, more=False)]
    finally:
        if close := getattr(result, "close", None):
            close()


def _body_part(chunks: list[bytes], *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": b"".join(chunks), "more_body": more}
