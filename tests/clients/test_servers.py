"""The unmodified server libraries of Segment, RudderStack and Jitsu speak to the intake as it runs."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rudderstack.analytics as rudder
from segment.analytics.client import Client as Segment

from einklang.core.pg import Cursor, connect
from einklang.faces.api.tests.serving import served
from einklang.loop.interactions import keys, log
from einklang.loop.interactions.types import Entry
from tests import cast
from tests.eyes import npm

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("node.mjs")
CALLS = ["identify", "video-played", "page", "screen", "group", "alias"]
OF_JITSU = ["identify", "video-played", "page", "group"]  # its client has no more


@dataclass
class Intake:
    address: str
    key: str
    cur: Cursor

    def kept(self) -> list[Entry]:
        return log.read(self.cur, after=0, limit=100)


@pytest.fixture
def intake(fresh_db: str) -> Iterator[Intake]:
    with connect(fresh_db, autocommit=True) as db, served(fresh_db) as server:
        key = keys.create(db.cursor(), "shop", server=True, now=cast.NOW)
        yield Intake(server.address, key, db.cursor())


def test_segment_for_python(intake: Intake) -> None:
    client = Segment(intake.key, host=intake.address, gzip=True)
    client.identify("user-1", {"email": "somebody@example.com"})
    client.track("user-1", "Video Played", {"number": 1})
    client.page("user-1", "Docs", "Home")
    client.screen("user-1", "Docs", "Home")
    client.group("user-1", "group-1")
    client.alias("anonymous-1", "user-1")
    client.shutdown()
    check(intake, CALLS)


def test_rudderstack_for_python(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[object] = []
    for name, value in (("write_key", intake.key), ("dataPlaneUrl", intake.address)):
        monkeypatch.setattr(rudder, name, value)
    monkeypatch.setattr(rudder, "on_error", lambda error, _: failures.append(error))
    rudder.identify("user-1", {"email": "somebody@example.com"})
    rudder.track("user-1", "Video Played", {"number": 1})
    rudder.page("user-1", "Docs", "Home")
    rudder.screen("user-1", "Docs", "Home")
    rudder.group("user-1", "group-1")
    rudder.alias("anonymous-1", "user-1")
    rudder.shutdown()
    assert failures == []
    check(intake, CALLS)


@pytest.mark.parametrize(
    ("client", "package", "calls"),
    [
        ("segment", "@segment/analytics-node", CALLS),
        ("rudder", "@rudderstack/rudder-sdk-node", CALLS),
        ("jitsu", "@jitsu/js", OF_JITSU),
    ],
)
def test_the_library_for_node(intake: Intake, client: str, package: str, calls: list[str]) -> None:
    npm.package(package)
    key = keys.for_jitsu(intake.key) if client == "jitsu" else intake.key
    command = ["node", str(SCRIPT), client, intake.address, key]
    said = subprocess.run(command, cwd=npm.ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert (said.stdout, said.stderr) == ("", "")
    check(intake, calls)


def check(intake: Intake, calls: list[str]) -> None:
    entries = intake.kept()
    assert sorted(entry.kind for entry in entries) == sorted(f"custom.{call}" for call in calls)
    assert {entry.anonymous for entry in entries} == {f"{entries[0].source}:user-1"}, "known as the sender knows her"
    told = {entry.kind: entry.properties for entry in entries}
    assert told["custom.video-played"] == {"number": 1, "event": "Video Played"}
    assert told["custom.page"].get("name") == "Home"
    assert "somebody@example.com" not in str(told), "traits are no interaction"
    assert all(abs((entry.occurred_at - entry.received_at).total_seconds()) < 60 for entry in entries)
