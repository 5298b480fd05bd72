"""The demo, played once and served, as `einklang demo` does it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import httpx

from einklang.project import running
from tests.playing import COMMAND, empty_home, environment

PATIENCE = 240.0


class World(NamedTuple):
    url: str
    database_url: str


@contextmanager
def served(*, port: int, people: int = 40) -> Iterator[World]:
    """A demo that has played its story. `port` must be free."""
    with empty_home() as home, (home.parent / f"{home.name}.log").open("wb") as log:
        command = [*COMMAND, "demo", "--port", str(port), "--people", str(people)]
        process = subprocess.Popen(command, env=environment(home), stdout=log, stderr=log)
        url = f"http://localhost:{port}"
        try:
            _wait(process, url, home.joinpath("played").exists)
            server = running.find(home)
            assert server
            yield World(url, server.database_url)
        finally:
            process.terminate()
            process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, played: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert process.poll() is None, "the demo ended before it was played"
        if played() and httpx.get(f"{url}/health/ready").status_code == httpx.codes.OK:
            return
        time.sleep(0.5)
    raise AssertionError("the demo was not played in time")
