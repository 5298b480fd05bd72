"""The house that is tortured: a demo's world on a disk of its own, `einklang up` over it, and all that can break."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg

from einklang.core import clock, pg
from einklang.project.embedded import Cluster
from tests.playing import environment
from tests.torture import smtp

DISK = "3g"
BALLAST = "ballast"
PATIENCE_SECONDS = 420  # a station that failed again and again rests up to 300
WEBS = WORKERS = 2
GONE = (ProcessLookupError, FileNotFoundError, PermissionError)


@dataclass
class House:
    """`own_disk`: the home is a small tmpfs that can be filled; without the right to mount there is no full disk."""

    home: Path
    mails: Path
    port: int
    smtp_port: int
    own_disk: bool
    supervisor: subprocess.Popen[bytes] | None = None
    sink: subprocess.Popen[str] | None = None
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def database_url(self) -> str:
        return Cluster(self.home).url

    def environment(self) -> dict[str, str]:
        """Fixed ports, so that everybody finds the house again."""
        return environment(
            self.home,
            EINKLANG_PUBLIC_URL=self.url,
            EINKLANG_DEMO="1",
            TORTURE_SMTP=f"smtp://127.0.0.1:{self.smtp_port}",
        )

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.torture.up", "--port", str(self.port)]
        command += ["--web", str(WEBS), "--workers", str(WORKERS)]
        with (self.mails / "house.log").open("ab") as log:
            self.supervisor = subprocess.Popen(command, env=self.environment(), stdout=log, stderr=log)

    def keep_up(self) -> None:
        """What an init system does: `einklang up` is started again when it dies."""
        while not self.closing.wait(0.5):
            if self.supervisor is not None and self.supervisor.poll() is not None:
                self.start()

    def close(self) -> None:
        self.closing.set()
        for process in (self.supervisor, self.sink):
            if process is not None:
                process.terminate()
                process.wait()

    def ready(self) -> bool:
        with suppress(httpx.TransportError):
            return httpx.get(f"{self.url}/health/ready", timeout=20).is_success
        return False

    @property
    def postmaster(self) -> int:
        return int((Cluster(self.home).data / "postmaster.pid").read_text().split()[0])

    def processes(self, name: str) -> list[int]:
        """Those below the supervisor whose command line names it, oldest first."""
        assert self.supervisor is not None
        found = descendants(self.supervisor.pid)
        return [pid for pid in found if name in command_line(pid)]

    def connect(self) -> pg.Connection:
        return pg.connect(self.database_url, application="torture")

    def advance(self, delta: timedelta) -> None:
        with suppress(psycopg.Error), self.connect() as connection:
            clock.advance(connection.cursor(), delta)


def begun(people: int) -> House:
    """A world in which nothing has happened to anybody yet, and a mail server; nothing else runs."""
    home = Path(tempfile.mkdtemp(prefix="einklang-torture-"))
    home.chmod(0o755)
    mails = Path(tempfile.mkdtemp(prefix="einklang-torture-mails-"))
    house = House(home, mails, free_port(), free_port(), _mounted(home))
    (home / "demo").touch()
    world = [sys.executable, "-m", "einklang.project.demo.build", str(people), ""]
    subprocess.run(world, env=house.environment(), check=True)
    mail_server = [sys.executable, "-m", "tests.torture.smtp", str(mails), str(house.smtp_port)]
    house.sink = subprocess.Popen(mail_server, stdout=subprocess.PIPE, text=True)
    assert house.sink.stdout
    assert house.sink.stdout.readline()
    return house


@contextmanager
def running(people: int) -> Iterator[House]:
    """Away in the end, unless it broke: then home and mails stay for whoever looks."""
    house = begun(people)
    try:
        house.start()
        threading.Thread(target=house.keep_up, daemon=True).start()
        until("the house is ready", house.ready)
        yield house
    finally:
        house.close()
    remove(house)


def remove(house: House) -> None:
    if house.own_disk:
        subprocess.run(["umount", str(house.home)], check=False)
    shutil.rmtree(house.home, ignore_errors=True)
    shutil.rmtree(house.mails, ignore_errors=True)


def _mounted(home: Path) -> bool:
    if os.geteuid() != 0 or not shutil.which("mount"):
        return False
    options = f"size={DISK},mode=0755"
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(home)], check=False).returncode == 0


# Faults. Each does its harm and undoes what it has to undo; whatever it looks for may be dead already.


def kill(house: House, name: str, dice: float, number: signal.Signals = signal.SIGKILL) -> int | None:
    found = house.processes(name)
    if not found:
        return None
    pid = found[int(dice * len(found))]
    with suppress(*GONE):
        os.kill(pid, number)
    return pid


def kill_worker(house: House, dice: float) -> None:
    kill(house, "torture.up worker", dice)


def end_worker(house: House, dice: float) -> None:
    kill(house, "torture.up worker", dice, signal.SIGTERM)


def freeze_worker(house: House, dice: float, seconds: float) -> None:
    """It lives, but does not move: its locks and its claims stand meanwhile."""
    if pid := kill(house, "torture.up worker", dice, signal.SIGSTOP):
        house.closing.wait(seconds)
        with suppress(*GONE):
            os.kill(pid, signal.SIGCONT)


def kill_web(house: House, dice: float) -> None:
    kill(house, "einklang.project.web", dice)


def kill_planner(house: House) -> None:
    kill(house, "einklang.project.planner", 0.0)


def kill_supervisor(house: House) -> None:
    if house.supervisor is not None:
        house.supervisor.kill()


def kill_backend(house: House, dice: float) -> None:
    """PostgreSQL takes one crashed session as a crash of all, and recovers."""
    with suppress(*GONE, IndexError, ValueError):
        sessions = [pid for pid in descendants(house.postmaster) if "einklang" in command_line(pid).split(" ", 2)[-1]]
        os.kill(sessions[int(dice * len(sessions))], signal.SIGKILL)


def kill_postgres(house: House) -> None:
    with suppress(*GONE, IndexError, ValueError):
        os.kill(house.postmaster, signal.SIGKILL)


def restart_postgres(house: House) -> None:
    """At once, without waiting for anybody: recovery at the next start."""
    with suppress(*GONE, IndexError, ValueError):
        os.kill(house.postmaster, signal.SIGQUIT)


def database_gone(house: House, seconds: float) -> None:
    """Whoever asks meanwhile is told 503, since the supervisor sleeps as well."""
    supervisor = house.supervisor
    if supervisor is None:
        return
    with suppress(*GONE):
        supervisor.send_signal(signal.SIGSTOP)
        try:
            kill_postgres(house)
            house.closing.wait(seconds)
        finally:
            supervisor.send_signal(signal.SIGCONT)


def disk_full(house: House, seconds: float) -> None:
    """Not a byte is left, for the database, its log and the journal of the mails alike."""
    if not house.own_disk:
        return
    ballast = house.home / BALLAST
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * (1 << 20))
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    house.closing.wait(seconds)
    ballast.unlink(missing_ok=True)


def smtp_mood(house: House, mode: str, seconds: float) -> None:
    smtp.change_mood(house.mails, mode)
    house.closing.wait(seconds)
    smtp.change_mood(house.mails, "fine")


def clock_ahead(house: House, hours: int) -> None:
    house.advance(timedelta(hours=hours))


def clock_back(house: House, minutes: int) -> None:
    house.advance(-timedelta(minutes=minutes))


DO: dict[str, Callable[..., None]] = {
    "kill_worker": kill_worker,
    "kill_web": kill_web,
    "kill_planner": kill_planner,
    "kill_supervisor": kill_supervisor,
    "end_worker": end_worker,
    "freeze_worker": freeze_worker,
    "kill_backend": kill_backend,
    "kill_postgres": kill_postgres,
    "restart_postgres": restart_postgres,
    "database_gone": database_gone,
    "disk_full": disk_full,
    "smtp": smtp_mood,
    "clock_ahead": clock_ahead,
    "clock_back": clock_back,
}


def descendants(pid: int) -> list[int]:
    with suppress(*GONE):
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        return [each for child in children for each in (child, *descendants(child))]
    return []


def command_line(pid: int) -> str:
    with suppress(*GONE):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(what: str, probe: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not probe():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.2)
