"""WSGI inside ASGI: Django's pages run in a few threads, which is faster than its own ASGI side and starves nobody."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Emit = Callable[[list[dict[str, Any]]], None]

THREADS = 2
LARGEST_BODY = 10 << 20
LARGEST_BODIES = {"/studio/imports/new/": 31 << 20}  # a file of a hundred thousand rows
TOO_LARGE: list[dict[str, Any]] = [
    {"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain; charset=utf-8")]},
    {"type": "http.response.body", "body": b"The request is too large."},
]


def bridge(wsgi: Wsgi, threads: int = THREADS) -> App:
    pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        async def deliver(messages: list[dict[str, Any]]) -> None:
            for message in messages:
                await send(message)

        def emit(messages: list[dict[str, Any]]) -> None:
            asyncio.run_coroutine_threadsafe(deliver(messages), loop).result()

        body = await _body(receive, _largest(scope["path"]))
        if body is None:
            await deliver(TOO_LARGE)
            return
        await loop.run_in_executor(pool, _answer, wsgi, _environ(scope, body), emit)

    return app


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


def _answer(wsgi: Wsgi, environ: dict[str, Any], emit: Emit) -> None:
    """One crossing between the threads for a page of one piece, one a piece for a stream."""
    pending: list[dict[str, Any]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        pending.append({"type": "http.response.start", "status": int(status[:3]), "headers": pairs})

    result = wsgi(environ, start_response)
    try:
        for chunk in result:
            if pending and "body" in pending[-1]:
                emit(pending.copy())
                pending.clear()
            pending.append({"type": "http.response.body", "body": chunk, "more_body": True})
        emit([*pending, {"type": "http.response.body", "body": b""}])
    finally:
        if close := getattr(result, "close", None):
            close()
