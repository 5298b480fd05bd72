"""What machines that watch this house ask for, answered beside the pages: whoever waits there does not wait here.

Open to all, and without a number: `/health/live` (this process answers) and `/health/ready` (it can serve). With the
bearer token EINKLANG_METRICS_TOKEN, and otherwise not there at all: `/health` (JSON) and `/metrics` (Prometheus).
"""

from __future__ import annotations

import asyncio
import hmac
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import orjson

from einklang.core import clock, settings
from einklang.core.pg import OUTAGES, Connection, Cursor, connect
from einklang.loop.gate import rests
from einklang.loop.interactions import consumers
from einklang.project import readiness
from einklang.project.bridge import Receive, Scope, Send

PREFIXES = ("/health", "/metrics")
TOKEN = "EINKLANG_METRICS_TOKEN"  # noqa: S105 - its name
REMEMBERED_SECONDS = 1.0  # whoever asks all the time costs one look a second
RETRY_SECONDS = b"5"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


class Told(NamedTuple):
    status: int
    body: bytes
    content_type: str = TEXT


LIVE = Told(200, b"live\n")
NOT_HERE = Told(404, b"There is nothing here.\n")
NO_DATABASE = Told(503, f"{readiness.NO_DATABASE}\n".encode())


class Probes:
    """One thread with a connection of its own: nobody needs more."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="probe")
        self.connection: Connection | None = None
        self.remembered: tuple[float, Told] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        told = await self._answer(scope)
        headers = [
            (b"content-type", told.content_type.encode()),
            (b"content-length", str(len(told.body)).encode()),
            (b"cache-control", b"no-store"),
            *([(b"retry-after", RETRY_SECONDS)] if told.status == 503 else []),
        ]
        await send({"type": "http.response.start", "status": told.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else told.body})

    async def _live(self, receive: Receive, send: Send) -> None:
        for step in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{step}.complete"})
        self.close()

    def close(self) -> None:
        self.thread.shutdown()
        if self.connection:
            self.connection.close()

    async def _answer(self, scope: Scope) -> Told:
        path = scope["path"]
        if path == "/health/live":
            return LIVE
        look = {"/health/ready": self._ready, "/health": self._health, "/metrics": self._metrics}.get(path)
        if look is None or (path != "/health/ready" and not _may(scope)):
            return NOT_HERE
        return await asyncio.get_running_loop().run_in_executor(self.thread, look)

    def _ready(self) -> Told:
        if self.remembered is None or time.monotonic() - self.remembered[0] > REMEMBERED_SECONDS:
            self.remembered = time.monotonic(), self._looked(_readiness)
        return self.remembered[1]

    def _health(self) -> Told:
        return self._looked(_standing)

    def _metrics(self) -> Told:
        from einklang.project import metrics  # what nobody reads need not be loaded

        return self._looked(lambda cur: Told(200, metrics.page(cur), metrics.CONTENT_TYPE))

    def _looked(self, look: Callable[[Cursor], Told]) -> Told:
        """A broken connection is replaced at the next look."""
        try:
            return look(self._connected().cursor())
        except OUTAGES:
            if self.connection:
                self.connection.close()
            self.connection = None
            return NO_DATABASE

    def _connected(self) -> Connection:
        if self.connection is None or self.connection.closed:
            url = settings.get().database_url
            self.connection = connect(url or "", autocommit=True, application="einklang probes")
        return self.connection


def _readiness(cur: Cursor) -> Told:
    fault = readiness.fault_of(cur)
    return Told(503, f"{fault}\n".encode()) if fault else Told(200, b"ready\n")


def _standing(cur: Cursor) -> Told:
    lags = consumers.lag(cur, clock.now(cur))
    channels = [rest.told for rest in rests.resting(cur)]
    told = {"status": "ok", "consumers": [lag._asdict() for lag in lags], "resting": channels}
    return Told(200, orjson.dumps(told), JSON)


def _may(scope: Scope) -> bool:
    wanted = os.environ.get(TOKEN, "")
    given: Any = dict(scope["headers"]).get(b"authorization", b"")
    return bool(wanted) and hmac.compare_digest(given, f"Bearer {wanted}".encode())


app = Probes()
