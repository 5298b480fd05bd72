"""A load generator for the intake: keep-alive connections that each send their next request as soon as the answer to
the last one is in. A process of its own: `python -m einklang.faces.api.load URL --key KEY`."""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import os
import time
from collections.abc import Callable, Iterator
from statistics import quantiles
from typing import NamedTuple, cast
from urllib.parse import urlsplit

import orjson
import uvloop

WARM_UP_SECONDS = 1.0
HEAD_END = b"\r\n\r\n"
NUMBER = b"#" * 12  # stands in the body where each event's own number goes
VIEW = {"content_slug": "leitlinie-herzinsuffizienz", "topics": ["herzinsuffizienz"], "title": "Die neue Leitlinie"}


class Load(NamedTuple):
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    failures: int


class Plan(NamedTuple):
    url: str
    key: str = ""
    events: int = 1  # in one request
    connections: int = 64
    seconds: float = 8.0
    people: int = 1000


class Tally:
    """What was answered within the measured seconds."""

    def __init__(self) -> None:
        self.latencies: list[float] = []
        self.failures = 0
        self.open = False

    def answered(self, seconds: float, *, good: bool) -> None:
        if self.open and good:
            self.latencies.append(seconds)
        self.failures += not good


class Sender(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self.requests = requests
        self.tally = tally
        self.received = b""
        self.length = 0
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.length:
            head = self.received.find(HEAD_END)
            if head < 0:
                return
            self.length = head + len(HEAD_END) + _content_length(self.received[:head])
        if len(self.received) >= self.length:
            good = self.received.startswith(b"HTTP/1.1 200") and b'"errors":[{' not in self.received
            self.tally.answered(time.perf_counter() - self.started, good=good)
            self.received, self.length = b"", 0
            self._send()

    def _send(self) -> None:
        self.started = time.perf_counter()
        self.transport.write(next(self.requests))


def requests(plan: Plan, run: str) -> Iterator[bytes]:
    """Endless, each with message ids of its own."""
    parts = urlsplit(plan.url)
    events = [_event(plan, place, run) for place in range(plan.events)]
    body = orjson.dumps(events[0] if plan.events == 1 else {"batch": events})
    auth = base64.b64encode(f"{plan.key}:".encode()).decode()
    head = (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\nauthorization: Basic {auth}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    pieces = (head.encode() + body).split(NUMBER)
    for number in itertools.count():
        yield (b"%012d" % number).join(pieces)


def run(plan: Plan) -> Load:
    tally = Tally()
    uvloop.run(_drive(plan, tally))
    if not tally.latencies:
        return Load(0.0, 0.0, 0.0, tally.failures)
    cuts = quantiles(tally.latencies, n=100)
    return Load(len(tally.latencies) / plan.seconds, cuts[49] * 1000, cuts[98] * 1000, tally.failures)


async def _drive(plan: Plan, tally: Tally) -> None:
    loop = asyncio.get_running_loop()
    parts = urlsplit(plan.url)
    stream = requests(plan, str(os.getpid()))
    made: Callable[[], Sender] = lambda: Sender(stream, tally)  # noqa: E731
    for _ in range(plan.connections):
        await loop.create_connection(made, parts.hostname or "localhost", parts.port or 80)
    await asyncio.sleep(WARM_UP_SECONDS)
    tally.open = True
    await asyncio.sleep(plan.seconds)
    tally.open = False


def _event(plan: Plan, place: int, run: str) -> dict[str, object]:
    return {
        "type": "track",
        "event": "content.viewed",
        "anonymousId": f"visitor-{place % plan.people}-{NUMBER.decode()[:0]}{run}",
        "messageId": f"{run}-{place}-{NUMBER.decode()}",
        "timestamp": None,
        "properties": VIEW,
        "context": {"library": {"name": "einklang-load", "version": "1"}, "locale": "de-DE"},
    }


def _content_length(head: bytes) -> int:
    _, _, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0] or 0)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m einklang.faces.api.load", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--key", default="")
    parser.add_argument("--events", type=int, default=1)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=8.0)
    given = parser.parse_args()
    load = run(Plan(given.url, given.key, given.events, given.connections, given.seconds))
    os.write(1, orjson.dumps(load._asdict()) + b"\n")


if __name__ == "__main__":
    main()
