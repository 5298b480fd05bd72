"""The story goes on while its processes are killed, and whatever happened once stands once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest

from einklang.project.embedded import Cluster, alive
from tests.playing import COMMAND, Lines, empty_home, environment

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 120
MORTAL = ("einklang.project.web", "einklang.project.worker")
HAPPENED = "SELECT FROM interactions_log WHERE kind = '{}' AND person = '{}' AND source <> 'demo'"
DOCTOR = "SELECT id FROM people_person WHERE given_name = 'Miriam' AND family_name = 'Albrecht'"
Found = TypeVar("Found")

# What stands in the database at the moment at which everything that serves or works is killed.
BEFORE_THE_MAIL = (
    HAPPENED.format("content.viewed", "{0}"),
    "SELECT FROM decide_enrolment WHERE person_id = '{0}'",
    "SELECT FROM gate_message WHERE recipient = '{0}'",
)
AFTER_THE_MAIL = (
    "SELECT FROM gate_message WHERE recipient = '{0}' AND state = 'sent'",
    HAPPENED.format("email.clicked", "{0}"),
    HAPPENED.format("suggestion.made", "{0}"),
    HAPPENED.format("visit.held", "{0}"),
    "SELECT FROM orders_order WHERE person = '{0}'",
    "SELECT FROM orders_shipment JOIN orders_order ON id = order_id WHERE person = '{0}'",
)


@dataclass
class House:
    """A demo that runs, and everything that one can kill in it."""

    home: Path
    supervisor: subprocess.Popen[bytes]
    url: str
    database_url: str

    def kill(self) -> None:
        """Web and worker; the supervisor starts them again."""
        for pid in children(self.supervisor.pid):
            if any(name in Path(f"/proc/{pid}/cmdline").read_text() for name in MORTAL):
                os.kill(pid, signal.SIGKILL)

    def kill_everything(self) -> None:
        own, database = self.supervisor.pid, self.postmaster
        for pid in (own, *children(own), *children(database), database):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.supervisor.wait()
        until(lambda: not alive(database))

    @property
    def postmaster(self) -> int:
        return int((Cluster(self.home).data / "postmaster.pid").read_text().split()[0])


def test_killed_after_each_step_everything_happens_once() -> None:
    with demo_world() as home, up(home) as house, psycopg.connect(house.database_url, autocommit=True) as db:
        doctor = one(db, DOCTOR)
        with playing(house) as player:
            for moment in BEFORE_THE_MAIL:
                kill_when(house, player, db, moment.format(doctor))
            kill_between_acceptance_and_receipt(house)
            for moment in AFTER_THE_MAIL:
                kill_when(house, player, db, moment.format(doctor))
            steps = all_steps(player)
        assert [step["outcome"] for step in steps] == ["done"] * 8
        until(lambda: nothing_left_to_do(db))
        assert_everything_once(db, home, str(doctor))


def test_after_the_death_of_postgresql_and_of_everything_the_house_knows_what_it_knew() -> None:
    with demo_world() as home:
        with up(home) as house:
            kill_postgresql(house)
            house.kill_everything()
        with up(home) as house:
            with playing(house) as player:
                steps = all_steps(player)
            with psycopg.connect(house.database_url) as db:
                before = everything(db)
            house.kill_everything()
        with up(home) as house, psycopg.connect(house.database_url) as db:
            assert [step["outcome"] for step in steps] == ["done"] * 8
            assert everything(db) == before
            assert_everything_once(db, home, steps[0]["person"])


def kill_when(house: House, player: subprocess.Popen[str], db: psycopg.Connection[Any], moment: str) -> None:
    until(lambda: happened(db, moment, player))
    house.kill()


def happened(db: psycopg.Connection[Any], what: str, player: subprocess.Popen[str]) -> bool:
    found = bool(one(db, f"SELECT EXISTS ({what})"))
    assert found or player.poll() is None, "the story broke off"
    return found


def kill_between_acceptance_and_receipt(house: House) -> None:
    """The receipt cannot be stored while the log is locked: the mail has arrived, and nobody has written it down."""
    with psycopg.connect(house.database_url) as lock:
        lock.execute("LOCK TABLE interactions_log IN SHARE MODE")
        until(lambda: list((house.home / "inbox").glob("*.eml")))
        house.kill()
        assert one(lock, "SELECT count(*) FROM gate_message WHERE state = 'sending'") == 1


def kill_postgresql(house: House) -> None:
    """The supervisor is held meanwhile, so that the gap is seen."""
    house.supervisor.send_signal(signal.SIGSTOP)
    try:
        os.kill(house.postmaster, signal.SIGKILL)
        refused = until(lambda: unavailable(house.url))
        assert int(refused.headers["Retry-After"]) > 0
    finally:
        house.supervisor.send_signal(signal.SIGCONT)
    until(lambda: healthy(house.url))


def assert_everything_once(db: psycopg.Connection[Any], home: Path, doctor: str) -> None:
    for kind in ("content.viewed", "email.sent", "email.clicked", "suggestion.made", "visit.held",
                 "sample.requested", "sample.dispatched"):  # fmt: skip
        assert one(db, f"SELECT count(*) FROM ({HAPPENED.format(kind, doctor)}) AS happened") == 1, kind
    assert len(list((home / "inbox").glob("*.eml"))) == 1
    assert one(db, f"SELECT count(*) FROM decide_enrolment WHERE person_id = '{doctor}'") == 1
    assert one(db, f"SELECT array_agg(state) FROM gate_message WHERE recipient = '{doctor}'") == ["sent"]
    assert one(db, f"SELECT array_agg(state) FROM orders_order WHERE person = '{doctor}'") == ["dispatched"]
    assert one(db, "SELECT count(*) FROM orders_shipment") == 1
    assert one(db, "SELECT count(*) FROM gate_message WHERE state IN ('sending', 'uncertain')") == 0


def everything(db: psycopg.Connection[Any]) -> list[Any]:
    return db.execute("SELECT pos, id, kind, person, source, source_id FROM interactions_log ORDER BY pos").fetchall()


def nothing_left_to_do(db: psycopg.Connection[Any]) -> bool:
    return bool(one(db, "SELECT NOT EXISTS (SELECT FROM gate_message WHERE state = 'sending')"))


def one(db: psycopg.Connection[Any], query: str) -> Any:
    row = db.execute(query).fetchone()
    assert row is not None, query
    return row[0]


@contextmanager
def demo_world() -> Iterator[Path]:
    with empty_home() as home:
        (home / "demo").touch()
        command = [sys.executable, "-m", "einklang.project.demo.build", "20", ""]
        subprocess.run(command, env=environment(home), check=True)
        yield home


@contextmanager
def up(home: Path) -> Iterator[House]:
    with (home / "server.log").open("ab") as log:
        supervisor = subprocess.Popen([*COMMAND, "up", "--port", "0"], env=environment(home), stderr=log)
    try:
        server = until(lambda: announced(home, supervisor.pid))
        until(lambda: healthy(server["url"]) and (home / "inbox" / "port").exists())
        yield House(home, supervisor, server["url"], server["database_url"])
    finally:
        supervisor.terminate()
        supervisor.wait()


@contextmanager
def playing(house: House) -> Iterator[subprocess.Popen[str]]:
    known = {"EINKLANG_DATABASE_URL": house.database_url, "EINKLANG_PUBLIC_URL": house.url}
    player = subprocess.Popen(
        [sys.executable, "-m", "tests.stubborn", house.url],
        env=environment(house.home, **known),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield player
    finally:
        player.kill()
        player.communicate()


def all_steps(player: subprocess.Popen[str]) -> Lines:
    told, _ = player.communicate(timeout=4 * PATIENCE_SECONDS)
    assert player.returncode == 0
    return [json.loads(line) for line in told.splitlines()]


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def announced(home: Path, pid: int) -> dict[str, Any] | None:
    assert alive(pid), (home / "server.log").read_text()[-2000:]
    file = home / "server.json"
    server: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return server if server.get("pid") == pid else None


def healthy(url: str) -> bool:
    with suppress(httpx.TransportError):
        return httpx.get(f"{url}/health/ready", timeout=PATIENCE_SECONDS).is_success
    return False


def unavailable(url: str) -> httpx.Response | None:
    with suppress(httpx.TransportError):
        answer = httpx.get(f"{url}/anmelden", timeout=PATIENCE_SECONDS)
        return answer if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else None
    return None


def until(probe: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := probe()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
    return found
