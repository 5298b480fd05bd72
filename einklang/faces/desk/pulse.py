"""What all live streams of one process share: two connections, how far profiles and journeys read, and what is new.

A stream that slept on a connection of its own would cost a connection and a thread for every rep who is at work, and
one that read the log by itself would read every entry once more.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID

import psycopg

from einklang.core import clock, settings
from einklang.core.pg import Connection, Cursor, connect
from einklang.facts.people import territory
from einklang.loop.interactions import consumers, log
from einklang.loop.interactions.types import Entry

FOLLOWED = ("profiles", "journeys")
LONGEST_WAIT = 0.5  # seconds, where no NOTIFY comes
KEPT = 2000  # entries; whoever is further behind reads for herself
Answer = TypeVar("Answer")


class News(NamedTuple):
    """An entry, and the reps in whose territory its person is."""

    entry: Entry
    reps: frozenset[UUID]


class Window(NamedTuple):
    """All that stands in the log behind `after`, as far as it was read."""

    after: int
    news: Sequence[News]


class Pulse:
    """Beats when a consumer went on, and at least twice a second."""

    def __init__(self) -> None:
        self.reach = 0
        self._window = Window(0, ())
        self._known = asyncio.Event()
        self._beat = asyncio.Event()
        self._turn = asyncio.Lock()
        self._connection: Connection | None = None
        self._listening = asyncio.create_task(self._run())

    async def reached(self) -> int:
        """The position up to which both have read, as soon as it is known."""
        await self._known.wait()
        return self.reach

    async def next(self) -> None:
        await self._beat.wait()

    def news(self, after: int) -> list[News] | None:
        """What came since, up to `reach`; None where that is longer ago than is kept."""
        if after < self._window.after:
            return None
        return [each for each in self._window.news if each.entry.pos > after]

    async def ask(self, query: Callable[[Cursor], Answer]) -> Answer:
        """One query at a time: they are short, and a process needs one connection for all its streams."""
        async with self._turn:
            return await asyncio.to_thread(self._asked, query)

    def stop(self) -> None:
        self._listening.cancel()
        if self._connection is not None:
            self._connection.close()

    async def _run(self) -> None:
        """Where the database is away it tries again."""
        while True:
            with contextlib.suppress(psycopg.Error):
                await self._listen()
            await asyncio.sleep(LONGEST_WAIT)

    async def _listen(self) -> None:
        url = settings.get().database_url or ""
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as listening:
            await listening.execute(f"LISTEN {consumers.CHANNEL}")
            while True:
                reach = await self.ask(_reach)
                if reach > self.reach:
                    news = await self.ask(partial(_read, after=self.reach, until=reach)) if self.reach else None
                    self.reach, self._window = reach, _joined(self._window, news, reach)
                self._known.set()
                beat, self._beat = self._beat, asyncio.Event()
                beat.set()
                async for _ in listening.notifies(timeout=LONGEST_WAIT, stop_after=1):
                    pass

    def _asked(self, query: Callable[[Cursor], Answer]) -> Answer:
        if self._connection is None or self._connection.closed:
            self._connection = connect(settings.get().database_url or "", autocommit=True, application="einklang live")
        with self._connection.transaction(), self._connection.cursor() as cur:
            return query(cur)


def _reach(cur: Cursor) -> int:
    return min(consumers.checkpoint(cur, name) for name in FOLLOWED)


def _read(cur: Cursor, after: int, until: int) -> list[News] | None:
    """None for more than is kept: those who listen read that piece by piece."""
    entries = log.read(cur, after=after, until=until, limit=KEPT + 1)
    if len(entries) > KEPT:
        return None
    persons = {each.person for each in entries if each.person}
    reps = territory.reps(cur, persons, clock.now(cur)) if persons else {}
    return [News(each, frozenset(reps[each.person])) for each in entries if each.person in reps]


def _joined(known: Window, news: list[News] | None, until: int) -> Window:
    if news is None:
        return Window(until, ())
    kept = [*known.news, *news]
    return Window(kept[-KEPT - 1].entry.pos, kept[-KEPT:]) if len(kept) > KEPT else Window(known.after, kept)


class Shared:
    """The pulse of this process: the first stream starts it, the last one stops it."""

    def __init__(self) -> None:
        self._pulse: Pulse | None = None
        self._streams = 0

    def __enter__(self) -> Pulse:
        self._streams += 1
        self._pulse = self._pulse or Pulse()
        return self._pulse

    def __exit__(self, *_: object) -> None:
        self._streams -= 1
        if self._streams == 0 and self._pulse:
            self._pulse.stop()
            self._pulse = None


shared = Shared()
