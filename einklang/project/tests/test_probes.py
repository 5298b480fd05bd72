"""What machines that watch the house are told, and who is told nothing."""

from __future__ import annotations

import asyncio
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from einklang.core import clock, settings
from einklang.core.connection import cursor
from einklang.loop.interactions import consumers, partitions
from einklang.project import heartbeat, metrics, probes, readiness
from einklang.project.probes import Probes
from einklang.watch import tally

TOKEN = "only-for-this-test"
WATCHER = {"Authorization": f"Bearer {TOKEN}"}
ALERTS = Path(__file__).parents[3] / "deploy" / "prometheus-alerts.yml"
CHORES_AND_LAGS = {"einklang_chore_last_run_timestamp_seconds", "einklang_consumer_lag_seconds"}  # none at first
NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)


@pytest.fixture
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(probes.TOKEN, TOKEN)


def ask(path: str, **headers: str) -> httpx.Response:
    async def answer() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(probe), base_url="http://house") as client:
            return await client.get(path, headers=headers)

    probe = Probes()
    try:
        return asyncio.run(answer())
    finally:
        probe.close()


def read(page: bytes) -> dict[tuple[str, ...], float]:
    """Name and label values → value."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page.decode())
        for sample in family.samples
    }


def test_a_process_lives_and_is_ready_and_says_no_more(fresh_db: str) -> None:
    assert (ask("/health/live").text, ask("/health/ready").text) == ("live\n", "ready\n")


def test_a_database_of_an_older_version_is_not_ready_one_of_a_newer_version_is(fresh_db: str) -> None:
    cursor().execute("INSERT INTO django_migrations (app, name, applied) VALUES ('core', '9999_to_come', now())")
    assert readiness.fault(fresh_db) is None
    cursor().execute("DELETE FROM django_migrations WHERE app = 'project' AND name = '0002_worker'")
    assert readiness.fault(fresh_db) == readiness.BEHIND
    assert ask("/health/ready").status_code == 503


def test_without_a_database_a_process_lives_and_is_not_ready(
    fresh_db: str, token: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EINKLANG_DATABASE_URL", f"{fresh_db}_gone")
    settings.get.cache_clear()
    assert ask("/health/live").status_code == 200
    assert [ask(path, **WATCHER).status_code for path in ("/health/ready", "/health", "/metrics")] == [503] * 3


def test_a_worker_is_ready_while_its_machine_has_one_that_beats(fresh_db: str) -> None:
    assert readiness.fault(fresh_db) is None, "a page needs no worker"
    assert readiness.fault(fresh_db, worker=True) == readiness.NO_WORKER
    heartbeat.beat(cursor(), clock.real_now() - timedelta(minutes=2))
    assert readiness.fault(fresh_db, worker=True) == readiness.NO_WORKER
    heartbeat.beat(cursor(), clock.real_now())
    assert readiness.fault(fresh_db, worker=True) is None


@pytest.mark.django_db
def test_a_worker_that_went_is_gone_at_once_and_one_that_fell_silent_is_forgotten_after_a_day() -> None:
    cur = cursor()
    heartbeat.beat(cur, NOW)
    assert [worker.name for worker in heartbeat.living(cur, NOW)] == [heartbeat.own_name()]
    heartbeat.end(cur)
    assert heartbeat.workers(cur) == []
    cur.execute("INSERT INTO project_worker VALUES ('elsewhere/7', %s, %s)", (NOW, NOW))
    heartbeat.beat(cur, NOW + timedelta(hours=23))
    assert len(heartbeat.workers(cur)) == 2
    heartbeat.beat(cur, NOW + timedelta(hours=25))
    assert len(heartbeat.workers(cur)) == 1


@pytest.mark.parametrize("path", ["/health", "/metrics"])
def test_numbers_are_for_those_with_the_token(fresh_db: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(path, Authorization="Bearer ").status_code == 404, "nobody has chosen a token"
    monkeypatch.setenv(probes.TOKEN, TOKEN)
    refused = [ask(path), ask(path, Authorization="Bearer guess"), ask(path, Authorization=f"Basic {TOKEN}")]
    assert [each.status_code for each in refused] == [404] * 3
    assert ask(path, **WATCHER).status_code == 200


def test_health_names_every_consumer(fresh_db: str, token: None) -> None:
    consumers.register(cursor(), "profiles", NOW)
    assert [each["name"] for each in ask("/health", **WATCHER).json()["consumers"]] == ["profiles"]


def test_prometheus_reads_what_stands_in_the_database(fresh_db: str, token: None) -> None:
    cur, now = cursor(), clock.now(cursor())
    heartbeat.beat(cur, clock.real_now())
    consumers.register(cur, "profiles", now)
    partitions.ensure_ahead(cur, now)
    answer = ask("/metrics", **WATCHER)
    assert answer.headers["content-type"].startswith("text/plain; version=")
    told = read(answer.content)
    assert told["einklang_workers",] == 1
    assert told["einklang_consumer_lag_entries", "profiles"] == 0
    assert told["einklang_messages", "uncertain"] == 0
    assert told["einklang_log_partitions_ahead",] == partitions.AHEAD_MONTHS
    assert told["einklang_planner_jobs", "waiting"] == 0
    assert told["einklang_database_bytes",] > 1_000_000


@pytest.mark.django_db
def test_every_alert_asks_for_what_is_told_and_says_what_to_do() -> None:
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    counted = {f"{meter}{ending}" for meter in tally.NAMES for ending in ("_total", "_bucket")}
    told = {name for name, *_ in read(metrics.page(cursor()))} | CHORES_AND_LAGS | counted
    asked = {name for rule in rules for name in re.findall(r"einklang_\w+", rule["expr"])}
    assert len(rules) > 10
    assert asked - told == set()
    assert [rule["alert"] for rule in rules if not rule["annotations"].get("action")] == []


@pytest.mark.django_db
def test_promtool_finds_nothing_to_say_about_the_metrics() -> None:
    promtool = shutil.which("promtool")
    if not promtool:
        pytest.skip("promtool is missing: `apt-get install prometheus`")
    checked = subprocess.run([promtool, "check", "metrics"], input=metrics.page(cursor()), capture_output=True)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
