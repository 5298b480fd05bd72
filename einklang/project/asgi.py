"""The front of every web process: machines' intake and live streams answer here, pages go to Django over WSGI."""

from __future__ import annotations

import asyncio
import os
from functools import partial

from django.core.wsgi import get_wsgi_application

from einklang.faces.api import intake
from einklang.faces.desk import live
from einklang.project import probes
from einklang.project.bridge import App, Receive, Scope, Send, bridge
from einklang.watch.front import watched

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
LIVE = "/live/"
COME_AGAIN = [(b"retry-after", b"1"), (b"content-length", b"0")]
machines: dict[str, App] = {
    **dict.fromkeys(intake.PREFIXES, intake.app),
    LIVE: live.app,
    **dict.fromkeys(probes.PREFIXES, probes.app),
}
pages = bridge(get_wsgi_application())


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        prefix = next((prefix for prefix in machines if scope["path"].startswith(prefix)), "")
        answering, side = machines.get(prefix, pages), _side(prefix, scope["path"])
        await _or_later(partial(watched, answering, side, stream=prefix == LIVE), scope, receive, send)
    else:
        await send({"type": "websocket.close"})


async def _or_later(answering: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Where this process ends and can wait no longer, whoever has no answer yet hears that she shall come again."""
    begun = False

    async def noting(message: Scope) -> None:
        nonlocal begun
        begun = True
        await send(message)

    try:
        await answering(scope, receive, noting)
    except asyncio.CancelledError:
        if begun:
            raise
        await send({"type": "http.response.start", "status": 503, "headers": COME_AGAIN})
        await send({"type": "http.response.body", "body": b""})


def _side(prefix: str, path: str) -> str:
    if prefix in intake.PREFIXES:
        return "intake"
    if prefix in probes.PREFIXES:
        return "probes"
    if prefix == LIVE:
        return "live"
    return "api" if path.startswith("/api/") else "pages"


async def _lifespan(receive: Receive, send: Send) -> None:
    """Each machine app has a life of its own and is told of start and end."""
    lives = [_Life(machine) for machine in dict.fromkeys(machines.values())]
    for step in ("startup", "shutdown"):
        await receive()
        for life in lives:
            await life.tell(step)
        await send({"type": f"lifespan.{step}.complete"})


class _Life:
    def __init__(self, app: App) -> None:
        self.told: asyncio.Queue[Scope] = asyncio.Queue()
        self.answered: asyncio.Queue[Scope] = asyncio.Queue()
        self.task = asyncio.ensure_future(app({"type": "lifespan", "state": {}}, self.told.get, self.answered.put))

    async def tell(self, step: str) -> None:
        self.told.put_nowait({"type": f"lifespan.{step}"})
        answer = asyncio.ensure_future(self.answered.get())
        await asyncio.wait((answer, self.task), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            self.task.result()  # an app that fails to start stops the process
