"""The intake as a process whose database and whose own life end at any moment."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from einklang.core.pg import connect
from einklang.faces.api.tests.serving import Served, served
from einklang.loop.interactions import keys
from einklang.project import running, schema
from einklang.project.embedded import Cluster

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 19, tzinfo=UTC)


class OwnCluster:
    """A PostgreSQL of this test alone, which may stop it."""

    def __init__(self, home: Path) -> None:
        self.cluster = Cluster(home)
        self.url = self.cluster.url
        self.start()

    def start(self) -> None:
        self.process = self.cluster.start()

    def stop(self) -> None:
        self.cluster.stop()
        self.process.wait()


@pytest.fixture
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnCluster]:
    cluster = OwnCluster(Path(tmp_path_factory.mktemp("own")))
    with running.known(EINKLANG_DATABASE_URL=cluster.url):
        schema.migrate(cluster.url)
    yield cluster
    cluster.stop()


def client_of(server: Served) -> httpx.Client:
    return httpx.Client(base_url=server.address, timeout=10)


def key_of(url: str) -> str:
    with connect(url, autocommit=True) as db:
        return keys.create(db.cursor(), "test", server=True, now=NOW)


def send(client: httpx.Client, key: str, name: str) -> httpx.Response | None:
    event = {"type": "track", "event": "x", "userId": "u", "messageId": name}
    try:
        return client.post("/v1/track", json=event, auth=(key, ""))
    except httpx.TransportError:
        return None


def ids_in_log(url: str) -> list[str]:
    with connect(url) as db:
        return [name for (name,) in db.execute("SELECT source_id FROM interactions_log ORDER BY pos").fetchall()]


def test_while_postgres_restarts_the_intake_says_when_to_come_back_and_then_goes_on(own_cluster: OwnCluster) -> None:
    key = key_of(own_cluster.url)
    with served(own_cluster.url) as server, client_of(server) as client:
        first = send(client, key, "before")
        own_cluster.stop()
        away = send(client, key, "meanwhile")
        own_cluster.start()
        again = send(client, key, "meanwhile")
    assert first is not None
    assert first.status_code == 200
    assert away is not None
    assert (away.status_code, away.headers["content-type"]) == (503, "application/problem+json")
    assert int(away.headers["retry-after"]) > 0
    assert again is not None
    assert again.status_code == 200
    assert ids_in_log(own_cluster.url) == ["before", "meanwhile"]


def test_killed_at_any_moment_nothing_is_lost_or_twice(fresh_db: str) -> None:
    key = key_of(fresh_db)
    chance = random.Random(3)
    with served(fresh_db) as server:
        senders = [threading.Thread(target=_until_answered, args=(server, key, f"s{each}")) for each in range(4)]
        for sender in senders:
            sender.start()
        for _ in range(4):
            threading.Event().wait(chance.uniform(0.2, 0.6))
            server.kill()
            server.start()
        for sender in senders:
            sender.join()
    assert sorted(ids_in_log(fresh_db)) == sorted(f"s{each}-{number}" for each in range(4) for number in range(80))


def _until_answered(server: Served, key: str, label: str) -> None:
    with client_of(server) as client:
        for number in range(80):
            while (answer := send(client, key, f"{label}-{number}")) is None:
                threading.Event().wait(0.05)
            assert answer.status_code == 200
