from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

START_SECONDS = 20


class Served:
    """The intake alone, in a process of its own."""

    def __init__(self, url: str, port: int) -> None:
        self.url = url
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "einklang.faces.api.intake", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=os.environ | {"EINKLANG_DATABASE_URL": self.url})
        until = time.monotonic() + START_SECONDS
        while not _listens(self.port):
            assert time.monotonic() < until, "the intake did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=10)


@contextmanager
def served(url: str) -> Iterator[Served]:
    server = Served(url, _free_port())
    server.start()
    try:
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
