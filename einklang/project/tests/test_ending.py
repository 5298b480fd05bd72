"""A web process that is asked to end while it still works for somebody."""

from __future__ import annotations

import asyncio
from typing import Any

from einklang.project import asgi


async def cancelled(*before: dict[str, Any]) -> list[dict[str, Any]]:
    """What a client hears of an app that has sent so much and then never ends."""
    heard: list[dict[str, Any]] = []
    waiting = asyncio.Event()

    async def endless(_scope: Any, _receive: Any, send: Any) -> None:
        for message in before:
            await send(message)
        waiting.set()
        await asyncio.Event().wait()

    async def hear(message: Any) -> None:
        heard.append(message)

    async def nothing() -> dict[str, Any]:
        return {}

    task = asyncio.ensure_future(asgi._or_later(endless, {"type": "http"}, nothing, hear))
    await waiting.wait()
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        heard.append({"type": "cancelled"})
    return heard


def test_whoever_has_no_answer_yet_is_told_to_come_again() -> None:
    start, _body = asyncio.run(cancelled())
    assert start["status"] == 503
    assert (b"retry-after", b"1") in start["headers"]


def test_an_answer_that_has_begun_breaks_off() -> None:
    assert asyncio.run(cancelled({"type": "http.response.start"})) == [
        {"type": "http.response.start"},
        {"type": "cancelled"},
    ]
