"""Where is the server? What runs is written in the home; where nothing runs, a command starts a database for itself."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from einklang.core import settings
from einklang.project import embedded, schema


@dataclass(frozen=True)
class Server:
    pid: int
    url: str
    database_url: str


def announce(home: Path, server: Server) -> None:
    draft = home / f".server.{os.getpid()}"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(server)))
    draft.replace(home / "server.json")


def withdraw(home: Path) -> None:
    """Not what a later version has announced that was started beside this one."""
    if (server := _announced(home)) and server.pid == os.getpid():
        (home / "server.json").unlink()


def find(home: Path) -> Server | None:
    server = _announced(home)
    return server if server and embedded.alive(server.pid) and _answers(server.database_url) else None


@contextmanager
def database() -> Iterator[str]:
    """The URL of the configured, the running or a passing database, migrated; the settings know it inside."""
    own = settings.get()
    server = find(own.home)
    if own.database_url or server:
        url = own.database_url or (server.database_url if server else "")
        with known(EINKLANG_DATABASE_URL=url):
            yield url
        return
    with embedded.running(own.home) as url, known(EINKLANG_DATABASE_URL=url):
        schema.migrate(url)
        yield url


@contextmanager
def known(**variables: str) -> Iterator[None]:
    """Settings of this process and its children."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    settings.get.cache_clear()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.__setitem__(name, value)
        settings.get.cache_clear()


def _announced(home: Path) -> Server | None:
    try:
        return Server(**json.loads((home / "server.json").read_text()))
    except FileNotFoundError:
        return None


def _answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False
