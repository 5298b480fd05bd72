"""The live stream of the desk: what happened in a rep's territory, up to where profiles and journeys have read.

A Django-free ASGI app of its own. It tells that something happened and to whom, never what was read: the page fetches
the changed part itself. A reader who comes back says with Last-Event-ID how far she was.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, MutableMapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson
import psycopg

from einklang.core import clock, settings, tokens
from einklang.core.errors import BadToken
from einklang.core.pg import Connection, Cursor, connect
from einklang.facts.people import territory
from einklang.loop.gate import judge
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import consumers, log
from einklang.loop.interactions.types import Entry

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

FOLLOWED = ("profiles", "journeys")
ENGAGEMENT = frozenset({"content.viewed", "email.opened", "email.clicked"})
BATCH = 500
LONGEST_WAIT = 1.0
ALIVE_EVERY = 15.0
CALLS = "LISTEN checkpoint"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    user = _user(scope)
    if user is None:
        await _refuse(send)
        return
    await _stream(user, _start(scope), receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _stream(user: UUID, start: int | None, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    reader = asyncio.create_task(_tell(user, start, send))
    gone = asyncio.create_task(_gone(receive))
    try:
        await asyncio.wait({reader, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (reader, gone):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError, psycopg.Error):
            await reader
    await send({"type": "http.response.body", "body": b""})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell(user: UUID, start: int | None, send: Send) -> None:
    async with _connection() as connection:
        pos = start if start is not None else await asyncio.to_thread(_head, connection)
        quiet = 0.0
        await _write(send, b": open\n\n")
        while True:
            pos, events = await asyncio.to_thread(_since, connection, user, pos)
            if events:
                await _write(send, b"".join(map(_event, events)))
                quiet = 0.0
            elif quiet >= ALIVE_EVERY:
                await _write(send, b": alive\n\n")
                quiet = 0.0
            quiet += LONGEST_WAIT
            await asyncio.to_thread(_sleep, connection)


@contextlib.asynccontextmanager
async def _connection() -> AsyncIterator[Connection]:
    url = settings.get().database_url or ""
    connection = await asyncio.to_thread(connect, url, autocommit=True, application="einklang live")
    try:
        await asyncio.to_thread(connection.execute, CALLS)
        yield connection
    finally:
        connection.close()


def _sleep(connection: Connection) -> None:
    for _ in connection.notifies(timeout=LONGEST_WAIT, stop_after=1):
        pass


def _head(connection: Connection) -> int:
    with connection.cursor() as cur:
        return _reach(cur)


def _reach(cur: Cursor) -> int:
    return min(consumers.checkpoint(cur, name) for name in FOLLOWED)


def _since(connection: Connection, user: UUID, pos: int) -> tuple[int, list[Entry]]:
    """How far was read, and what may be told."""
    with connection.transaction(), connection.cursor() as cur:
        until = _reach(cur)
        if until <= pos:
            return pos, []
        entries = log.read(cur, after=pos, until=until, limit=BATCH)
        now = clock.now(cur)
        mine = territory.persons(cur, user, now)
        told = _tellable(cur, user, [each for each in entries if each.person in mine], now)
        return (entries[-1].pos if len(entries) == BATCH else until), told


def _tellable(cur: Cursor, user: UUID, entries: list[Entry], now: datetime) -> list[Entry]:
    """Reading and mail engagement only of persons who let the rep see it (DE-TRK-04); medical and safety never."""
    engaged = sorted({each.person for each in entries if each.kind in ENGAGEMENT and each.person})
    visible = _visible(cur, user, engaged, now)
    return [
        each
        for each in entries
        if each.purpose not in ("medical", "safety") and (each.kind not in ENGAGEMENT or each.person in visible)
    ]


def _visible(cur: Cursor, user: UUID, persons: Iterable[UUID], now: datetime) -> set[UUID]:
    asked = [
        Question(
            "disclose", Recipient("user", user, about=person), "visit", "promotional", user, "sales",
            permission="rep_visibility", at=now,
        )
        for person in persons
    ]  # fmt: skip
    verdicts = judge.ask_only(cur, asked)
    return {
        question.recipient.about
        for question, verdict in zip(asked, verdicts, strict=True)
        if verdict.yes and question.recipient.about
    }


def _event(entry: Entry) -> bytes:
    data = {"pos": entry.pos, "person": str(entry.person), "kind": entry.kind, "channel": entry.channel}
    return b"id: %d\ndata: %s\n\n" % (entry.pos, orjson.dumps(data))


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


def _user(scope: Scope) -> UUID | None:
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    try:
        return UUID(tokens.read("live", token, now=int(clock.real_now().timestamp()))["user"])
    except BadToken:
        return None


def _start(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"last-event-id" and value.isdigit():
            return int(value)
    return None


async def _refuse(send: Send) -> None:
    body = orjson.dumps({"type": "about:blank", "title": "This stream needs a valid token.", "status": 401})
    headers = [(b"content-type", b"application/problem+json")]
    await send({"type": "http.response.start", "status": 401, "headers": headers})
    await send({"type": "http.response.body", "body": body})
