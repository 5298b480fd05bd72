"""A million events at once through the intake of a whole house: how far the consumers fall behind, how long they need
to catch up, and how much memory each process takes meanwhile."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import httpx
import orjson

from einklang.core import clock, pg, settings
from einklang.core.errors import Conflict
from einklang.facts.people.bench import doctors
from einklang.loop.interactions import consumers, keys
from einklang.project.loop_bench import PATIENCE_SECONDS, Measured, house

EVENTS = 1_000_000
IN_ONE = 100
SENDERS = 4
WORKERS = 2
PEOPLE = 5_000
SAMPLE_SECONDS = 0.5
VIEW = {"content_slug": "bench", "topics": ["herzinsuffizienz"], "title": "Bench"}
NAMES = {"project.web": "web", "project.worker": "worker", "project.cli": "supervisor", "postgres": "postgres"}


def burst(url: str, *, events: int = EVENTS) -> list[Measured]:
    key, persons = _world(url)
    with house("--workers", str(WORKERS)) as address, pg.connect(url, autocommit=True) as connection:
        watch = Watch(connection)
        watch.start()
        started = time.monotonic()
        _send(address, key, persons, events)
        told = time.monotonic()
        _read_by_all(connection)
        done = time.monotonic()
        watch.end()
    return [
        ("burst", events / (done - started), "events/s", None),
        ("burst.taken", events / (told - started), "events/s", None),
        ("burst.behind", watch.behind, "entries", None),
        ("burst.catch_up", done - told, "s", None),
        *((f"burst.memory_{name}", peak / 1024, "MB", None) for name, peak in sorted(watch.peaks.items())),
    ]


class Watch(Thread):
    """The farthest any consumer was behind, and the peak of each kind of process in kB."""

    def __init__(self, connection: pg.Connection) -> None:
        super().__init__(daemon=True)
        self.connection, self.over = connection, Event()
        self.behind, self.peaks = 0, dict[str, int]()

    def run(self) -> None:
        while not self.over.wait(SAMPLE_SECONDS):
            lags = consumers.lag(self.connection.cursor(), clock.real_now())
            self.behind = max(self.behind, *(each.behind for each in lags))
            for name, size in _memory():
                self.peaks[name] = max(self.peaks.get(name, 0), size)

    def end(self) -> None:
        self.over.set()
        self.join()


def _world(url: str) -> tuple[str, list[UUID]]:
    """The demo's, with its journeys, and a crowd that reads."""
    (settings.get().home / "demo").touch()
    settings.get.cache_clear()
    from einklang.project.demo import world

    world.build(60, None)
    with pg.connect(url) as connection:
        cur = connection.cursor()
        now = clock.now(cur)
        return keys.create(cur, "bench", server=True, now=now), doctors(cur, PEOPLE, now)


def _send(address: str, key: str, persons: list[UUID], events: int) -> None:
    with httpx.Client(base_url=address, timeout=PATIENCE_SECONDS) as client, ThreadPoolExecutor(SENDERS) as senders:

        def tell(start: int) -> None:
            answer = client.post("/v1/batch", content=_batch(key, persons, start, min(start + IN_ONE, events)))
            if not answer.is_success or answer.json().get("errors"):
                raise Conflict(f"The intake refused the bench's events: {answer.text[:300]}")

        for _ in senders.map(tell, range(0, events, IN_ONE)):
            pass


def _batch(key: str, persons: list[UUID], start: int, end: int) -> bytes:
    told = [
        {
            "type": "track",
            "event": "content.viewed",
            "userId": str(persons[number % len(persons)]),
            "messageId": f"burst-{number}",
            "properties": VIEW,
        }
        for number in range(start, end)
    ]
    return orjson.dumps({"batch": told, "writeKey": key})


def _read_by_all(connection: pg.Connection) -> None:
    while any(each.behind for each in consumers.lag(connection.cursor(), clock.real_now())):
        time.sleep(SAMPLE_SECONDS)


def _memory() -> Iterator[tuple[str, int]]:
    """Of all that the bench has started, those of PostgreSQL without the buffers that they share."""
    for pid in _family(os.getpid())[1:]:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_text()
            status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        except (FileNotFoundError, ProcessLookupError):
            continue
        for part, name in NAMES.items():
            if part in command and "RssAnon" in status:
                yield name, int(status["RssAnon" if name == "postgres" else "VmRSS"].split()[0])
                break


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    own = [int(child) for child in children.read_text().split()] if children.exists() else []
    return [pid, *(each for child in own for each in _family(child))]
