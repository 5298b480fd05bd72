from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from einklang import flow
from einklang.core.connection import cursor
from einklang.loop.interactions import lanes, log, make

LONG_AGO = datetime(2020, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def _read_log(fresh_db: str) -> None:
    log.record(cursor(), [make.interaction("custom.x", now=LONG_AGO)])
    for consumer in flow.CONSUMERS:
        flow.consume(consumer)


def einklang(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "einklang.project.cli", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("_read_log")
def test_lanes_are_split_and_shown(child_env: dict[str, str]) -> None:
    assert einklang(child_env, "lanes", "split", "profiles", "4").returncode == 0
    assert len(lanes.ranges(cursor(), "profiles")) == 4
    shown = [json.loads(line) for line in einklang(child_env, "lanes", "show", "--json").stdout.splitlines()]
    assert [each["consumer"] for each in shown] == ["journeys", *["profiles"] * 4]
    assert "Choose one of: profiles, journeys, all" in einklang(child_env, "lanes", "split", "mails", "4").stderr


@pytest.mark.usefixtures("_read_log")
def test_an_old_month_is_set_aside_listed_and_taken_back(child_env: dict[str, str]) -> None:
    for act, state in (("detach", "aside"), ("attach", "attached")):
        done = einklang(child_env, "log", "partitions", act, "2020-03")
        assert done.returncode == 0, done.stderr
        listed = [json.loads(each) for each in einklang(child_env, "log", "partitions", "--json").stdout.splitlines()]
        assert {each["month"]: each["state"] for each in listed}["2020-03"] == state
    assert "The log has no month 1999-01" in einklang(child_env, "log", "partitions", "attach", "1999-01").stderr
