"""Group commit: requests that come in while a transaction runs share the next one. One thread, one connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg

from einklang.core import settings
from einklang.core.pg import Connection, connect
from einklang.faces.api.admission import Limiter
from einklang.faces.api.store import Job, store
from einklang.faces.api.wire import Answer, problem
from einklang.loop.interactions import keys

EVENTS_PER_GROUP = 2000
WAITING_LIMIT = 50_000  # events
UNAVAILABLE = problem(503, "The database is out of reach. Send the same events again.", (b"retry-after", b"2"))
BUSY = problem(503, "Too many events are waiting. Send the same events again.", (b"retry-after", b"2"))
NOT_STORABLE = problem(400, "The events hold something that cannot be stored.")

logger = logging.getLogger("einklang.intake")


class Group:
    """Lives on one event loop, from the first job to `close`."""

    def __init__(self) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self.database = Database()
        self.waiting: list[tuple[Job, asyncio.Future[Answer]]] = []
        self.waiting_events = 0
        self.running: asyncio.Task[None] | None = None

    async def answer(self, job: Job) -> Answer:
        """Returns after the commit."""
        if self.waiting_events > WAITING_LIMIT:
            return BUSY
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.append((job, answer))
        self.waiting_events += len(job.call.events)
        if self.running is None or self.running.done():
            self.running = asyncio.create_task(self._run())
        return await answer

    async def origins(self) -> set[str]:
        return await asyncio.get_running_loop().run_in_executor(self.thread, self.database.origins)

    async def close(self) -> None:
        if self.running:
            await asyncio.wait([self.running])
        await asyncio.get_running_loop().run_in_executor(self.thread, self.database.close)
        self.thread.shutdown()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while group := self._next():
            done = loop.run_in_executor(self.thread, self.database.store, [job for job, _ in group])
            await asyncio.wait([done])
            for place, (_, answer) in enumerate(group):
                _settle(answer, done, place)

    def _next(self) -> list[tuple[Job, asyncio.Future[Answer]]]:
        size = events = 0
        for job, _ in self.waiting:
            events += len(job.call.events)
            size += 1
            if events >= EVENTS_PER_GROUP:
                break
        group, self.waiting = self.waiting[:size], self.waiting[size:]
        self.waiting_events -= events
        return group


class Database:
    """Used by one thread. A broken connection is replaced at the next group."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.limiter = Limiter()

    def store(self, jobs: Sequence[Job]) -> list[Answer]:
        try:
            return self._committed(jobs)
        except (psycopg.OperationalError, psycopg.InterfaceError) as lost:
            logger.warning("events not stored, their senders are told to repeat: %s", lost)
            self.close()
            return [UNAVAILABLE] * len(jobs)
        except (psycopg.DataError, psycopg.IntegrityError):
            if len(jobs) == 1:
                logger.warning("a request cannot be stored", exc_info=True)
                return [NOT_STORABLE]
            return [answer for job in jobs for answer in self.store([job])]

    def origins(self) -> set[str]:
        with self._connected() as connection, connection.cursor() as cur:
            return keys.origins(cur)

    def close(self) -> None:
        if self.connection:
            self.connection.close()
        self.connection = None

    def _committed(self, jobs: Sequence[Job]) -> list[Answer]:
        connection = self._connected()
        with connection.transaction(), connection.cursor() as cur:
            return store(cur, jobs, self.limiter)

    def _connected(self) -> Connection:
        if self.connection is None or self.connection.closed:
            url = settings.get().database_url
            self.connection = connect(url or "", autocommit=True, application="einklang intake")
            self.connection.execute("SET transaction_timeout = '5s'")
        return self.connection


def _settle(answer: asyncio.Future[Answer], done: asyncio.Future[list[Answer]], place: int) -> None:
    if answer.done():  # its client is gone
        return
    if error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result()[place])
