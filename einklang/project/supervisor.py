"""`einklang up`: one process that starts database, web processes and worker, and starts again what dies."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from urllib.parse import quote

from einklang.core import pg, settings
from einklang.core.errors import SettingsError
from einklang.loop.channels.email import config
from einklang.project import embedded, running, schema
from einklang.watch import lines, tally

POLL_SECONDS = 0.1
STOP_SECONDS = 20  # a mail that is just leaving takes at most as long
QUICK_DEATH_SECONDS = 5
LONGEST_PAUSE_SECONDS = 10
BACKLOG = 2048
LONGEST_TRANSACTION = "5s"
DEMO_SINK = "einklang.project.demo.sink"

log = logging.getLogger("einklang.up")


@dataclass
class Child:
    """A program that shall run; restarted at once, after quick deaths with growing pauses."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    descriptor: int | None = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    due: float = 0.0
    pause: float = field(default=POLL_SECONDS)

    def tend(self, now: float) -> None:
        if self.process is not None and self.process.poll() is not None:
            self._bury(now)
        if self.process is None and now >= self.due:
            self._start(now)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def wait(self, deadline: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _start(self, now: float) -> None:
        self.started = now
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            stdin=subprocess.DEVNULL,
            pass_fds=() if self.descriptor is None else (self.descriptor,),
            start_new_session=True,
            preexec_fn=embedded.death_signal(signal.SIGTERM),
        )

    def _bury(self, now: float) -> None:
        assert self.process is not None
        quick = now - self.started < QUICK_DEATH_SECONDS
        self.pause = min(2 * self.pause, LONGEST_PAUSE_SECONDS) if quick else POLL_SECONDS
        self.due = now + self.pause
        say(f"{self.name} ended with {self.process.returncode}, starting it again")
        self.process = None


def up(*, host: str, port: int, web: int | None, workers: int | None = None) -> None:
    """Until SIGTERM or SIGINT."""
    lines.begin()
    home = settings.get().home
    home.mkdir(parents=True, exist_ok=True)
    taken = f"A server already runs on {home}. Stop it, or choose another EINKLANG_HOME."
    with ExitStack() as stack:
        if not settings.get().database_url:  # on a server of one's own the next version may start beside this one
            stack.enter_context(embedded.locked(home / "server.lock", taken))
        listening = stack.enter_context(_listen(host, port))
        port = listening.getsockname()[1]
        told = os.environ.get("EINKLANG_PUBLIC_URL")
        stack.enter_context(running.known(EINKLANG_PUBLIC_URL=_public_url(port, told)))
        guard = stack.enter_context(_database())
        own = settings.get()
        schema.migrate(own.database_url or "")
        schema.collect_static(home)
        stack.enter_context(_counted())
        running.announce(home, running.Server(os.getpid(), f"http://localhost:{port}", own.database_url or ""))
        stack.callback(running.withdraw, home)
        say(f"Einklang: http://localhost:{port}")
        if not own.demo:
            _say_where_to_begin(home, port)
        stack.enter_context(running.known(EINKLANG_DATABASE_URL=_with_short_transactions(own.database_url or "")))
        hands = own.workers if workers is None else workers
        children = _children(listening.fileno(), web or own.web, hands, demo=own.demo)
        _run(children, guard, Company(home, lambda: _public_url(port, told)))


@contextmanager
def _counted() -> Iterator[None]:
    """Where the children of this start write what they count, whoever else uses the same home."""
    folder = tempfile.TemporaryDirectory(prefix="einklang-counters-", ignore_cleanup_errors=True)
    with folder as place, running.known(**{tally.PLACE: place}):
        yield


def say(sentence: str) -> None:
    """To whoever sits at the terminal, or into the log that machines read."""
    if lines.kind(os.environ) == "json":
        log.info(sentence)
    else:
        sys.stderr.write(f"{sentence}\n")


@dataclass
class Guard:
    """Starts the embedded PostgreSQL again where it died."""

    cluster: embedded.Cluster | None = None
    process: subprocess.Popen[bytes] | None = None

    def tend(self) -> None:
        if self.cluster and self.process and self.process.poll() is not None:
            say("PostgreSQL ended, starting it again")
            self.process = self.cluster.start()


@contextmanager
def _database() -> Iterator[Guard]:
    own = settings.get()
    if own.database_url:
        yield Guard()
        return
    taken = f"A command uses the database of {own.home}. Try again in a moment."
    with embedded.locked(own.home / "postgres.lock", taken):
        cluster = embedded.Cluster(own.home)
        guard = Guard(cluster, cluster.start())
        try:
            with running.known(EINKLANG_DATABASE_URL=cluster.url):
                yield guard
        finally:
            assert guard.process
            embedded.end(guard.process)


def _with_short_transactions(url: str) -> str:
    """An open transaction that writes the log holds all its readers back."""
    options = quote(f"-c transaction_timeout={LONGEST_TRANSACTION}")
    return url if "options=" in url else f"{url}{'&' if '?' in url else '?'}options={options}"


def work() -> None:
    """One more worker for the house that runs, or for the configured database, until SIGTERM or SIGINT."""
    with running.database() as url, running.known(EINKLANG_DATABASE_URL=_with_short_transactions(url)):
        from einklang.project import worker

        lines.catch()
        worker.main()


def _children(descriptor: int, web: int, workers: int, *, demo: bool) -> list[Child]:
    pages = [
        Child(f"web {number}", "einklang.project.web", (str(descriptor),), descriptor) for number in range(1, web + 1)
    ]
    sink = [Child("mail sink", DEMO_SINK)] if demo else []
    returns = [Child("mail returns", "einklang.project.returns")] if config.get().bounce_listen else []
    hands = [Child(f"worker {number}", "einklang.project.worker", (str(workers),)) for number in range(1, workers + 1)]
    return [*sink, *returns, *pages, *hands]


@dataclass
class Company:
    """Who the company is may be said while the house runs: then everything starts again and knows it."""

    home: Path
    public_url: Callable[[], str]
    seen: int = 0

    def __post_init__(self) -> None:
        self.seen = self._stamp()

    def tend(self, children: list[Child]) -> None:
        if self._stamp() == self.seen:
            return
        self.seen = self._stamp()
        os.environ["EINKLANG_PUBLIC_URL"] = self.public_url()
        settings.get.cache_clear()
        for child in children:
            child.stop()

    def _stamp(self) -> int:
        place = self.home / "company.json"
        return place.stat().st_mtime_ns if place.exists() else 0


def _run(children: list[Child], guard: Guard, company: Company) -> None:
    with _stop_signals() as stopping:
        while not stopping:
            company.tend(children)
            for child in children:
                child.tend(time.monotonic())
            guard.tend()
            time.sleep(POLL_SECONDS)
    for child in children:
        child.stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.wait(deadline)


@contextmanager
def _stop_signals() -> Iterator[list[int]]:
    """A list that the first signal to stop makes true."""
    received: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _listen(host: str, port: int) -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except OSError as problem:
            raise SettingsError(
                f"Port {port} on {host} cannot be opened: {problem.strerror}. Choose another with --port."
            ) from problem
        listening.listen(BACKLOG)
        yield listening


def _public_url(port: int, told: str | None) -> str:
    return told or settings.stored(os.environ).get("EINKLANG_PUBLIC_URL") or f"http://localhost:{port}"


def _say_where_to_begin(home: Path, port: int) -> None:
    """An installation that nobody administrates waits for the one who reads this terminal."""
    from einklang.facts.people import users
    from einklang.project import setup_token

    with pg.connect(settings.get().database_url or "", application="einklang up") as connection:
        alone = not users.anybody(connection.cursor())
    if alone:
        token, place = setup_token.of(home), f"<what {home / setup_token.NAME} holds>"  # logs are kept and read
        shown = place if lines.kind(os.environ) == "json" else token
        say(f"Nobody administrates yet. Begin at http://localhost:{port}/setup/{shown} (one time only).")
