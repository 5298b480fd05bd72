"""The live stream of the desk: what happened in a rep's territory, up to where profiles and journeys have read.

A Django-free ASGI app of its own. It tells that something happened and to whom, never what was read: the page fetches
the changed part itself. A reader who comes back says with Last-Event-ID how far she was.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

import orjson
import psycopg

from einklang.core import clock, tokens
from einklang.core.errors import BadToken
from einklang.core.pg import Cursor
from einklang.faces.desk.pulse import Pulse, shared
from einklang.facts.people import read as people
from einklang.facts.people import territory
from einklang.loop.decide import disclosure
from einklang.loop.gate import judge, question
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry, Interaction

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BATCH = 500
ALIVE_EVERY = 15  # pulses without an event
EVENT_STREAM = (
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif (user := _user(scope)) is None:
        await _refuse(send)
    else:
        await _stream(user, _start(scope), receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _stream(user: UUID, start: int | None, receive: Receive, send: Send) -> None:
    """Until the reader goes away; a server that shuts down cancels it."""
    await send({"type": "http.response.start", "status": 200, "headers": list(EVENT_STREAM)})
    with shared as beat:
        telling = asyncio.create_task(_tell(beat, user, start, send))
        leaving = asyncio.create_task(_gone(receive))
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait((telling, leaving), return_when=asyncio.FIRST_COMPLETED)
        for task in (telling, leaving):
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell(beat: Pulse, user: UUID, start: int | None, send: Send) -> None:
    await _write(send, b": open\n\n")
    pos = start if start is not None else await beat.reached()
    await _write(send, _place(pos))
    quiet = 0
    while True:
        try:
            pos, events = await _news(beat, user, pos)
        except psycopg.Error:  # the database is away for a moment; the position stands, so nothing is lost
            await beat.next()
            continue
        quiet = 0 if events else quiet + 1
        if events or quiet % ALIVE_EVERY == 0:
            await _write(send, b"".join(map(_event, events)) or _place(pos))
        if pos >= beat.reach:
            await beat.next()


async def _news(beat: Pulse, user: UUID, after: int) -> tuple[int, list[Entry]]:
    """How far was read, and what of it may be told. Who is up to date asks nothing where nothing of hers happened."""
    until, news = max(after, beat.reach), beat.news(after)
    if news is None:
        return await beat.ask(partial(_since, user=user, after=after, until=until))
    mine = [each.entry for each in news if user in each.reps]
    return until, await beat.ask(partial(_told, user=user, entries=mine)) if mine else []


def _told(cur: Cursor, user: UUID, entries: list[Entry]) -> list[Entry]:
    return _tellable(cur, user, entries, clock.now(cur)) if _works_here(cur, user) else []


def _since(cur: Cursor, user: UUID, after: int, until: int) -> tuple[int, list[Entry]]:
    """For who is far behind."""
    if until <= after:
        return after, []
    entries = log.read(cur, after=after, until=until, limit=BATCH)
    pos = entries[-1].pos if len(entries) == BATCH else until
    if not entries:
        return pos, []
    now = clock.now(cur)
    mine = territory.persons(cur, user, now) if _works_here(cur, user) else set()
    return pos, _tellable(cur, user, [each for each in entries if each.person in mine], now)


def _works_here(cur: Cursor, user: UUID) -> bool:
    """A token outlives neither the account nor the role."""
    card = people.user(cur, user)
    return card is not None and card.is_active and "rep" in card.roles


def _tellable(cur: Cursor, user: UUID, entries: list[Entry], now: datetime) -> list[Entry]:
    """Reading and mail engagement only where the day may be known (DE-TRK-04), medical and safety never."""
    open_entries = [each for each in entries if not _hidden(each)]
    engaged = {each.person for each in open_entries if disclosure.engagement(each.kind) and each.person}
    visible = _visible(cur, user, sorted(engaged), now)
    return [each for each in open_entries if not disclosure.engagement(each.kind) or each.person in visible]


def _hidden(entry: Interaction) -> bool:
    private = disclosure.private(entry.kind, entry.purpose)
    return entry.is_machine or private or disclosure.confidential(entry.purpose, entry.unit)


def _visible(cur: Cursor, user: UUID, persons: Sequence[UUID], now: datetime) -> set[UUID]:
    """At grade `topic` a rep knows the month only, so the moment at which somebody reads is not told either."""
    if not persons:
        return set()
    verdicts = judge.ask_only(cur, [question.disclosure(user, person, now) for person in persons])
    return {
        person
        for person, verdict in zip(persons, verdicts, strict=True)
        if verdict.yes and verdict.flags.get("grade") == "title"
    }


def _event(entry: Entry) -> bytes:
    data = {"pos": entry.pos, "person": str(entry.person), "kind": entry.kind, "channel": entry.channel}
    return b"id: %d\ndata: %s\n\n" % (entry.pos, orjson.dumps(data))


def _place(pos: int) -> bytes:
    """Keeps the connection alive, and tells a browser where to go on if it breaks before the next event."""
    return b"id: %d\n\n" % pos


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
