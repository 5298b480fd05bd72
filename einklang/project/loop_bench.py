"""How long the loop takes in a whole house: from the intake's answer to the desk, and from due time to the outbox."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar, get_args
from uuid import UUID

import httpx
import orjson

from einklang.core import clock, pg, settings, tokens
from einklang.core.errors import Conflict
from einklang.core.pg import Connection
from einklang.facts.people import territory
from einklang.loop.gate import queue
from einklang.loop.interactions import consumers, keys, log, make
from einklang.project import running

PEOPLE = 60
SAMPLES = 100
JOURNEYS = 40
JOURNEY_WAITS = timedelta(days=2)
KIND = "visit.held"
TOPIC = "herzinsuffizienz"
STEP = timedelta(minutes=1)
PATIENCE_SECONDS = 60.0
ENDLESS = httpx.Timeout(PATIENCE_SECONDS, read=None)
Found = TypeVar("Found")
Measured = tuple[str, float, str, float | None]


def loop(url: str) -> list[Measured]:
    (settings.get().home / "demo").touch()
    settings.get.cache_clear()
    rep = _world()
    with house() as address, pg.connect(url, autocommit=True) as connection:
        desk = _to_the_desk(address, connection, rep)
        outbox = _to_the_outbox(connection, rep)
    return [
        ("loop", _share(desk, 0.5), "ms", None),
        ("loop.desk_p95", _share(desk, 0.95), "ms", None),
        ("loop.outbox_p50", _share(outbox, 0.5), "ms", None),
        ("loop.outbox_p95", _share(outbox, 0.95), "ms", None),
    ]


def _world() -> UUID:
    """The demo's, small; the id of its story's rep."""
    from einklang.project.demo import cast, world

    built = world.build(PEOPLE, None)
    return built.staff[cast.STORY_REP.email].id


@contextmanager
def house(*options: str) -> Iterator[str]:
    """Its address, while it runs."""
    process = subprocess.Popen([sys.executable, "-m", "einklang.project.cli", "up", "--port", "0", *options])
    try:
        home = settings.get().home
        server = _until(lambda: running.find(home))
        _until(lambda: _healthy(server))
        yield server.url
    finally:
        process.terminate()
        process.wait()


def _healthy(server: running.Server) -> bool:
    """Up, and the consumers have read the world's history."""
    answer = httpx.get(f"{server.url}/health/ready", timeout=PATIENCE_SECONDS)
    with pg.connect(server.database_url, autocommit=True) as connection:
        cur = connection.cursor()
        lags = consumers.lag(cur, clock.now(cur))
    return answer.is_success and len(lags) > 1 and not any(each.behind for each in lags)


def _to_the_desk(address: str, connection: Connection, rep: UUID) -> list[float]:
    """Milliseconds from the intake's answer, which comes after the commit, to the event on the rep's open page."""
    cur = connection.cursor()
    now = clock.now(cur)
    key = keys.create(cur, "bench", server=True, now=now)
    person = min(territory.persons(cur, rep, now))
    arrivals = _arrivals(address, rep)
    event = {"type": "track", "event": KIND, "userId": str(person), "writeKey": key, "properties": {"products": []}}
    waited = []
    with httpx.Client(base_url=address) as client:
        for number in range(SAMPLES):
            answer = client.post("/v1/track", json=event | {"messageId": f"bench-{number}"})
            told = time.monotonic()
            if not answer.is_success or answer.json().get("errors"):
                raise Conflict(f"The intake refused the bench's event: {answer.text}")
            waited.append((arrivals.get(timeout=PATIENCE_SECONDS) - told) * 1000)
    return waited


def _arrivals(address: str, rep: UUID) -> SimpleQueue[float]:
    """The monotonic time of each event on the rep's stream, once it is open."""
    arrivals: SimpleQueue[float] = SimpleQueue()
    opened: SimpleQueue[None] = SimpleQueue()
    expires = int(clock.real_now().timestamp()) + 3600
    token = tokens.sign("live", {"user": str(rep)}, expires=expires)

    def listen() -> None:
        with httpx.stream("GET", f"{address}/live/desk", params={"token": token}, timeout=ENDLESS) as stream:
            lines = stream.iter_lines()
            next(lines)
            opened.put(None)
            for line in lines:
                if line.startswith("data:") and orjson.loads(line[5:])["kind"] == KIND:
                    arrivals.put(time.monotonic())

    Thread(target=_until_the_end, args=(listen,), daemon=True).start()
    opened.get(timeout=PATIENCE_SECONDS)
    return arrivals


def _until_the_end(listen: Callable[[], None]) -> None:
    try:
        listen()
    except httpx.TransportError:
        return  # the house was stopped


def _to_the_outbox(connection: Connection, rep: UUID) -> list[float]:
    """Milliseconds from the moment at which a waiting person falls due to her row in the outbox, one after another."""
    cur = connection.cursor()
    persons = _travellers(connection, rep)
    clock.advance(cur, JOURNEY_WAITS - len(persons) * STEP - STEP / 2)
    waited = []
    for person in persons:
        clock.advance(cur, STEP)
        due = time.monotonic()
        _until(lambda: _in_the_outbox(connection, person))  # noqa: B023 - called at once
        waited.append((time.monotonic() - due) * 1000)
    return waited


def _travellers(connection: Connection, rep: UUID) -> list[UUID]:
    """Persons who entered the journey, a minute apart."""
    cur = connection.cursor()
    persons = sorted(territory.persons(cur, rep, clock.now(cur)))[:JOURNEYS]
    properties = {"content_slug": "bench", "topics": [TOPIC], "title": "Bench"}
    for person in persons:
        now = clock.now(cur)
        log.record(cur, [make.interaction("content.viewed", now=now, person=person, properties=properties)])
        clock.advance(cur, STEP)
    return persons


def _in_the_outbox(connection: Connection, person: UUID) -> bool:
    return bool(queue.ids(connection.cursor(), states=get_args(queue.State), persons=[person]))


def _share(values: list[float], share: float) -> float:
    return sorted(values)[int(share * (len(values) - 1))]


def _until(look: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise Conflict("The bench waited in vain.")
        time.sleep(0.001)
    return found
