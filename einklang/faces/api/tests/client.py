"""The intake as its clients see it, with a database behind it that commits."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import orjson

from einklang.core import clock
from einklang.core.pg import Connection, connect
from einklang.faces.api.intake import Intake
from einklang.loop.interactions import keys, log
from einklang.loop.interactions.types import Entry

DAY = timedelta(days=1)


class Client:
    def __init__(self, url: str) -> None:
        self.db: Connection = connect(url, autocommit=True)
        self.now = clock.now(self.db.cursor())
        self.runner = asyncio.Runner()
        self.app = Intake()
        transport = httpx.ASGITransport(app=self.app)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://localhost:8000")

    def key(self, *, server: bool = True, **more: Any) -> str:
        return keys.create(self.db.cursor(), "test", server=server, now=self.now, **more)

    def post(
        self, path: str, body: Any, *, key: str | None = None, packed: bool = False, **headers: str
    ) -> httpx.Response:
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        auth = httpx.BasicAuth(key, "") if key else httpx.Auth()
        sent = gzip.compress(content) if packed else content
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.runner.run(self.http.post(f"/v1/{path}", content=sent, auth=auth, headers=named))

    def together(self, path: str, bodies: list[Any], *, key: str) -> list[httpx.Response]:
        async def all_at_once() -> list[httpx.Response]:
            posts = (self.http.post(f"/v1/{path}", json=body, auth=httpx.BasicAuth(key, "")) for body in bodies)
            return list(await asyncio.gather(*posts))

        return self.runner.run(all_at_once())

    def entries(self) -> list[Entry]:
        return log.read(self.db.cursor(), after=0, limit=10_000)

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        if self.app.group:
            self.runner.run(self.app.group.close())
        self.runner.close()
        self.db.close()


@contextmanager
def client_of(url: str) -> Iterator[Client]:
    client = Client(url)
    try:
        yield client
    finally:
        client.close()
