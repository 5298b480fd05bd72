"""Floors of the intake: durable events per second at 64 keep-alive clients, 1 and 20 events per request."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from einklang.core import clock
from einklang.core.pg import connect
from einklang.faces.api.load import Load
from einklang.loop.interactions import keys, log, make

Measured = tuple[str, float, str, float | None]  # bench, value, unit, limit

SECONDS = 8.0
COPIED_ROWS = 100_000
START_SECONDS = 20
VIEW = {"content_slug": "leitlinie-herzinsuffizienz", "topics": ["herzinsuffizienz"], "title": "Die neue Leitlinie"}


def intake_1(url: str) -> list[Measured]:
    """The limit is a handler in the same process that only reads and parses the body."""
    key = _key(url)
    with _server(url) as port:
        stored = _load(port, "/v1/track", key)
        parsed = _load(port, "/parse", key)
        empty = _load(port, "/empty", key)
    with _server(url, processes=2) as port:
        two = _load(port, "/v1/track", key)
    with _responder() as port:
        client = _load(port, "/", key)
    return [
        ("intake_1", stored.requests_per_second, "events/s", parsed.requests_per_second),
        ("intake_1.p50", stored.p50_ms, "ms", None),
        ("intake_1.p99", stored.p99_ms, "ms", None),
        ("intake_1.empty", empty.requests_per_second, "requests/s", None),
        ("intake_1.client", client.requests_per_second, "requests/s", None),
        ("intake_1.two", two.requests_per_second, "events/s", None),
    ]


def intake_20(url: str) -> list[Measured]:
    """The limit is COPY of such rows into the same table with its indexes, in one transaction."""
    key = _key(url)
    with _server(url) as port:
        stored = _load(port, "/v1/batch", key, events=20)
    with _server(url, processes=2) as port:
        two = _load(port, "/v1/batch", key, events=20)
    return [
        ("intake_20", 20 * stored.requests_per_second, "events/s", _copied_per_second(url)),
        ("intake_20.p50", stored.p50_ms, "ms", None),
        ("intake_20.p99", stored.p99_ms, "ms", None),
        ("intake_20.two", 20 * two.requests_per_second, "events/s", None),
    ]


def _key(url: str) -> str:
    with connect(url) as db:
        cur = db.cursor()
        return keys.create(cur, "bench", server=True, purpose="promotional", now=clock.now(cur))


def _load(port: int, path: str, key: str, *, events: int = 1) -> Load:
    options = ["--key", key, "--events", str(events), "--seconds", str(SECONDS)]
    command = [sys.executable, "-m", "einklang.faces.api.load", f"http://127.0.0.1:{port}{path}", *options]
    load = Load(**orjson.loads(subprocess.run(command, check=True, capture_output=True).stdout))
    assert load.failures == 0, f"{load.failures} requests failed"
    return load


@contextmanager
def _server(url: str, *, processes: int = 1) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        descriptor = listening.fileno()
        command = [sys.executable, "-m", "einklang.faces.api.bench_app", "intake", str(descriptor)]
        started = [
            subprocess.Popen(command, env=os.environ | {"EINKLANG_DATABASE_URL": url}, pass_fds=[descriptor])
            for _ in range(processes)
        ]
        try:
            _wait_for(listening.getsockname()[1])
            yield listening.getsockname()[1]
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()


@contextmanager
def _responder() -> Iterator[int]:
    """Answers without looking: what remains is the load generator's own ceiling."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        command = [sys.executable, "-m", "einklang.faces.api.bench_app", "responder", str(listening.fileno())]
        process = subprocess.Popen(command, pass_fds=[listening.fileno()])
        try:
            yield listening.getsockname()[1]
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as trial:
            trial.sendall(b"POST /empty HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n")
            if trial.recv(12).endswith(b"200"):
                return
        time.sleep(0.1)
    raise TimeoutError("the intake did not start")


def _copied_per_second(url: str) -> float:
    with connect(url) as db:
        cur = db.cursor()
        now = clock.now(cur)
        rows = [
            make.interaction(
                "content.viewed", now=now, anonymous=f"visitor-{each % 1000}", properties=VIEW, source="bench"
            )
            for each in range(COPIED_ROWS)
        ]
        lines = "".join(log.line(pos, row) for pos, row in enumerate(rows, start=1)).encode()
        started = time.perf_counter()
        with cur.copy(log.COPY) as copy:
            copy.write(lines)
        db.commit()
        return COPIED_ROWS / (time.perf_counter() - started)
