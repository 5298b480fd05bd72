"""Every request of a web process passes here: it gets its name for the log, is counted and, where asked, traced."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from einklang.watch import lines, tally, trace

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def watched(app: App, side: str, scope: Scope, receive: Receive, send: Send, *, stream: bool = False) -> None:
    """A stream lasts as long as somebody listens: it has no time and no trace."""
    headers, began, status = dict(scope["headers"]), time.monotonic(), 0
    named = lines.new_request(headers.get(b"x-request-id", b"").decode("latin-1"))
    lines.request.set(named)  # each request is a task of its own

    async def noting(message: Scope) -> None:
        nonlocal status
        if "status" in message:
            status = message["status"]
            message["headers"] = [*message["headers"], (b"x-request-id", named.encode())]
        await send(message)

    if stream or side == "probes":
        await app(scope, receive, noting)
    else:
        with trace.turn(f"{scope['method']} {side}", traceparent=_traceparent(headers), server=True) as turn:
            await app(scope, receive, noting)
            if turn:
                _tell(turn, scope, status, named)
    if status:  # else the client was gone before
        tally.request(side, status, None if stream else time.monotonic() - began)


def _traceparent(headers: dict[bytes, bytes]) -> str:
    return headers.get(b"traceparent", b"").decode("latin-1")


def _tell(turn: trace.Turn, scope: Scope, status: int, named: str) -> None:
    """Not the path: some hold what people typed. What an answer of refusal took back did not happen."""
    turn.facts |= {
        "http.request.method": scope["method"],
        "http.response.status_code": status,
        "einklang.request": named,
    }
    if status >= 500:
        turn.notes.clear()
