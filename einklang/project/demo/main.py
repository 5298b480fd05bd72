"""`einklang demo`: builds the demo's world, serves it, plays the story in it, and goes on serving."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx

from einklang.core import settings
from einklang.core.errors import SettingsError
from einklang.loop.gate.question import PERMISSIONS
from einklang.project import running

MARK = "demo"
COMPANY = Path(__file__).with_name("company.json")
PATIENCE = 90.0
LAST_LINES = 20


def main(*, people: int, keep: bool, without: str | None, serve: bool, as_json: bool, port: int) -> None:
    if without not in (None, *PERMISSIONS):
        raise SettingsError(f"--without {without} is not in the story. Choose one of {', '.join(PERMISSIONS)}.")
    home = settings.get().home
    _prepare(home, keep=keep)
    port = _port(port, serve=serve)
    with ExitStack() as stack:
        stack.enter_context(running.known(EINKLANG_DEMO="1", EINKLANG_PUBLIC_URL=f"http://localhost:{port}"))
        _setup_django_later()
        if not (home / "world.json").exists():
            _build(home, people, without)
        with _server(home, port) as server:
            stack.enter_context(running.known(EINKLANG_DATABASE_URL=server.database_url))
            played = home / "played"
            if not played.exists():
                _play(server.url, without, as_json=as_json)
                played.touch()
            if serve:
                _serve(server)


def _prepare(home: Path, *, keep: bool) -> None:
    """An empty home marked as demo. A home that is not marked is somebody's data and is refused."""
    if home.exists() and _used(home) and not (home / MARK).exists():
        raise SettingsError(f"{home} holds data that is no demo's. Choose another EINKLANG_HOME, or empty it yourself.")
    if (server := running.find(home)) is not None:
        raise SettingsError(f"A demo already runs on {server.url}. Stop it first (process {server.pid}).")
    if not keep:
        _wipe(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).touch()
    shutil.copy(COMPANY, home / COMPANY.name)
    settings.get.cache_clear()


def _used(home: Path) -> bool:
    """Reading the settings alone leaves a key behind."""
    return any(each.name != "secret_key" for each in home.iterdir())


def _wipe(home: Path) -> None:
    database = home / "postgres"
    if database.is_symlink():
        shutil.rmtree(database.resolve(), ignore_errors=True)
        database.unlink()
    shutil.rmtree(home, ignore_errors=True)


def _port(wanted: int, *, serve: bool) -> int:
    """The wanted one, refused at once where it is taken. Who only plays the story takes any: two may play at once."""
    if not serve:
        return _free(0)
    try:
        return _free(wanted)
    except OSError as problem:
        raise SettingsError(f"Port {wanted} cannot be opened: {problem.strerror}. Choose another one.") from problem


def _free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
        found: int = probe.getsockname()[1]
        return found


def _setup_django_later() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")


def _build(home: Path, people: int, without: str | None) -> None:
    """In a process of its own: its database is gone before the server starts one."""
    command = [sys.executable, "-m", "einklang.project.demo.build", str(people), without or ""]
    made = subprocess.run(command, check=False)
    if made.returncode:
        raise SettingsError("The demo's world could not be built; the reason stands above.")
    (home / "world.json").write_text(json.dumps({"people": people, "without": without}))


@contextmanager
def _server(home: Path, port: int) -> Iterator[running.Server]:
    log = (home / "server.log").open("ab")
    command = [sys.executable, "-m", "einklang.project.cli", "up", "--port", str(port)]
    process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        yield _healthy(home, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
        log.close()


def _healthy(home: Path, process: subprocess.Popen[bytes]) -> running.Server:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        server = running.find(home)
        if server and server.pid == process.pid and _answers(server.url) and (home / "inbox" / "port").exists():
            return server
        time.sleep(0.1)
    lines = (home / "server.log").read_text(errors="replace").splitlines()
    last = "\n".join(lines[-LAST_LINES:]) or "(it said nothing)"
    raise SettingsError(f"The server did not start. What it said last, in {home / 'server.log'}:\n{last}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=5).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _play(url: str, without: str | None, *, as_json: bool) -> None:
    import django

    django.setup()
    from einklang.project.demo import show, story

    with show.steps(as_json=as_json) as told:
        for step in story.play(url, without):
            told(step)


def _serve(server: running.Server) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from einklang.core import clock
    from einklang.core.connection import cursor
    from einklang.project.demo import experiments, record, show

    with transaction.atomic():
        experiments.ask(cursor(), clock.now())
        record.remember_the_day(cursor(), clock.now())
    connection.close()
    show.logins(server.url)
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell lets what it starts in the background ignore the first
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        signal.pause()
