"""Group commit: requests that come in while a transaction runs share the next one. Each lane is a thread with a
connection of its own."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

import psycopg

from einklang.core import settings
from einklang.core.pg import OUTAGES, Connection, connect
from einklang.faces.api.admission import Limiter
from einklang.faces.api.store import Job, store
from einklang.faces.api.wire import Answer, problem
from einklang.loop.interactions import keys
from einklang.watch import tally, trace

LANES = 2
OVERLAP_FROM = 16  # events
EVENTS_PER_GROUP = 1000
SWITCH_SECONDS = 0.0005  # a storing thread back from the database gets Python that soon, not after 5 ms
GARBAGE_AFTER = 50_000  # objects: events are made and dropped in bulk and hold no cycles
WAITING_LIMIT = 50_000  # events
UNAVAILABLE = problem(503, "The database is out of reach. Send the same events again.", (b"retry-after", b"2"))
BUSY = problem(503, "Too many events are waiting. Send the same events again.", (b"retry-after", b"2"))
NOT_STORABLE = problem(400, "The events hold something that cannot be stored.")

Waiting = tuple[Job, asyncio.Future[Answer]]
P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger("einklang.intake")


class Group:
    """Lives on one event loop, from the first job to `close`."""

    def __init__(self) -> None:
        sys.setswitchinterval(SWITCH_SECONDS)
        gc.freeze()
        gc.set_threshold(GARBAGE_AFTER)
        limiter = Limiter()
        self.lanes = [Lane(limiter) for _ in range(LANES)]
        self.waiting: list[Waiting] = []
        self.waiting_events = 0

    async def answer(self, job: Job) -> Answer:
        """Returns after the commit."""
        if self.waiting_events > WAITING_LIMIT:
            return BUSY
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.append((job, answer))
        self.waiting_events += len(job.call.events)
        self._start_lane()
        return await answer

    async def origins(self) -> set[str]:
        return await self.lanes[0].run(self.lanes[0].database.origins)

    async def close(self) -> None:
        for lane in self.lanes:
            await lane.close()

    def _start_lane(self) -> None:
        """Few events wait for the transaction that runs, to share the next one; many get a second one beside it."""
        lane = next((lane for lane in self.lanes if not lane.busy), None)
        if lane and (lane is self.lanes[0] or self.waiting_events >= OVERLAP_FROM):
            lane.task = asyncio.create_task(self._empty(lane))

    async def _empty(self, lane: Lane) -> None:
        while group := self._next():
            done = lane.run(lane.database.store, [job for job, _ in group])
            await asyncio.wait([done])
            for place, (_, answer) in enumerate(group):
                _settle(answer, done, place)

    def _next(self) -> list[Waiting]:
        size = events = 0
        for job, _ in self.waiting:
            events += len(job.call.events)
            size += 1
            if events >= EVENTS_PER_GROUP:
                break
        group, self.waiting = self.waiting[:size], self.waiting[size:]
        self.waiting_events -= events
        return group


class Lane:
    """A thread with a connection."""

    def __init__(self, limiter: Limiter) -> None:
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self.database = Database(limiter)
        self.task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        return self.task is not None and not self.task.done()

    def run(self, function: Callable[P, T], *given: P.args, **named: P.kwargs) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self.thread, partial(function, *given, **named))

    async def close(self) -> None:
        if self.task:
            await asyncio.wait([self.task])
        await self.run(self.database.close)
        self.thread.shutdown()


class Database:
    """Used by one thread. A broken connection is replaced at the next group."""

    def __init__(self, limiter: Limiter) -> None:
        self.limiter = limiter
        self.connection: Connection | None = None

    def store(self, jobs: Sequence[Job]) -> list[Answer]:
        try:
            return self._committed(jobs)
        except OUTAGES as lost:
            logger.warning("events not stored, their senders are told to repeat: %s", type(lost).__name__)
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
        with trace.turn("intake commit"), connection.transaction(), connection.cursor() as cur:
            answers = store(cur, jobs, self.limiter)
        tally.events(sum(each.accepted for each in answers), sum(each.refused for each in answers))
        return answers

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
