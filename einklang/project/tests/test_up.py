"""`einklang up` on a home of its own: what dies is started again, what was stored stays."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from einklang.project import setup_token
from einklang.project.embedded import Cluster, alive

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 60
T = TypeVar("T")
TOKEN = "only-for-this-test"
WATCHER = {"Authorization": f"Bearer {TOKEN}"}
COMMAND = (sys.executable, "-m", "einklang.project.cli")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """Where PostgreSQL's user can walk, which pytest's own folders forbid."""
    folder = Path(tempfile.mkdtemp(prefix="einklang-up-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_killed_house_starts_again_with_all_it_knew(home: Path) -> None:
    with _up(home) as (first, url):
        key = _new_key(home)
        for pid in _all_pids(home, first):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        first.wait()
        _until(lambda: not _answers(url))
    with _up(home) as (_, url):
        assert _told(url, key, "m1").status_code == 200


def test_while_web_and_worker_are_killed_again_and_again_nothing_is_lost_or_told_twice(home: Path) -> None:
    messages = [f"kill-{number}" for number in range(120)]
    with _up(home) as (supervisor, url):
        key = _new_key(home)
        for number, message in enumerate(messages):
            if number % 40 == 20:
                for pid in _named(supervisor, "einklang.project"):
                    os.kill(pid, signal.SIGKILL)
            _until(lambda: _stored(url, key, message))  # noqa: B023 - called at once
        _until(lambda: _caught_up(url))
        shown = _command(home, "log", "show", "--json").stdout.splitlines()
    told = [json.loads(line)["source_id"] for line in shown]
    assert sorted(each for each in told if each.startswith("kill-")) == sorted(messages)


def test_a_killed_web_process_costs_no_request(home: Path) -> None:
    with _up(home) as (supervisor, url):
        for pid in _named(supervisor, "einklang.project.web"):
            os.kill(pid, signal.SIGKILL)
        assert httpx.get(f"{url}/health/ready", timeout=PATIENCE_SECONDS).status_code == 200


def test_while_postgresql_is_away_all_answer_503_and_then_all_goes_on(home: Path) -> None:
    with _up(home) as (supervisor, url):
        key = _new_key(home)
        with _without_postgresql(home, supervisor):
            for refused in (_until(lambda: _refused(url)), _told(url, key, "m2")):
                assert refused is not None
                assert refused.status_code == 503
                assert refused.headers["Retry-After"]
        _until(lambda: _answers(url))
        _until(lambda: _told(url, key, "m2").status_code == 200)
        shown = _command(home, "log", "show", "--json").stdout.splitlines()
        assert [json.loads(line)["source_id"] for line in shown].count("m2") == 1


def test_a_stopped_house_leaves_nothing_behind(home: Path) -> None:
    with _up(home) as (supervisor, url):
        postmaster = _postmaster(home)
        supervisor.terminate()
        assert supervisor.wait(PATIENCE_SECONDS) == 0
        assert not alive(postmaster)
        assert not (home / "server.json").exists()
        assert not _answers(url)


def test_a_second_server_on_the_same_home_is_refused_with_a_sentence(home: Path) -> None:
    with _up(home):
        second = _command(home, "up", "--port", "0")
    assert second.returncode == 1
    assert "already runs" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("EINKLANG_WEB", "many", "EINKLANG_WEB is 'many'"),
        ("EINKLANG_ENV", "test", "must be one of"),
        ("EINKLANG_ENV", "production", "EINKLANG_SECRET_KEY is not set"),
        ("EINKLANG_DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("EINKLANG_SMTP_URL", "mail.example.com", "must look like smtp://"),
        ("EINKLANG_PUBLIC_URL", "portal", "must be scheme and host only"),
        ("EINKLANG_DEMO", "yes", "must be 0 or 1"),
    ],
)
def test_a_wrong_value_stops_the_start_with_a_sentence(home: Path, variable: str, value: str, sentence: str) -> None:
    refused = _command(home, "up", "--port", "0", **{variable: value})
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_house_is_ready_with_its_worker_and_one_page_sums_what_its_processes_counted(home: Path) -> None:
    with _up(home) as (_, url):
        key = _new_key(home)
        assert _told(url, key, "counted").status_code == 200
        port = str(urlsplit(url).port)
        _until(lambda: _command(home, "ready", "--worker", "--web", port).returncode == 0)
        told = _until(lambda: _metrics(url, "einklang_station_items_total", station="profiles"))
        assert told["einklang_intake_events_total", "accepted"] == 1
        assert told["einklang_http_requests_total", "intake", "2xx"] == 1
        _until(lambda: _metrics(url, "einklang_workers").get(("einklang_workers",)) == 1)  # the killed are forgotten
    assert _command(home, "ready").stderr == "The database does not answer.\n"
    assert _command(home, "ready", "--web", port).stderr == f"No web process answers at port {port}.\n"


def _metrics(url: str, awaited: str, **labels: str) -> dict[tuple[str, ...], float]:
    """Empty until what is awaited has been counted."""
    page = httpx.get(f"{url}/metrics", headers=WATCHER, timeout=PATIENCE_SECONDS).text
    samples = [sample for family in text_string_to_metric_families(page) for sample in family.samples]
    told = {(each.name, *each.labels.values()): each.value for each in samples}
    return told if told.get((awaited, *labels.values())) else {}


@contextmanager
def _up(home: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    process = subprocess.Popen([*COMMAND, "up", "--port", "0"], env=_environment(home))
    try:
        url = _until(lambda: _announced(home, process))
        _until(lambda: _answers(url))
        yield process, url
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


@contextmanager
def _without_postgresql(home: Path, supervisor: subprocess.Popen[bytes]) -> Iterator[None]:
    """Killed, and the supervisor held so long that it does not start it again."""
    os.kill(supervisor.pid, signal.SIGSTOP)
    os.kill(_postmaster(home), signal.SIGKILL)
    try:
        yield
    finally:
        os.kill(supervisor.pid, signal.SIGCONT)


def _new_key(home: Path) -> str:
    made = _command(home, "write-key", "create", "shop", "--server", "--json")
    key: str = json.loads(made.stdout)["write_key"]
    return key


def _told(url: str, key: str, message: str) -> httpx.Response:
    event = {
        "type": "track",
        "event": "content.viewed",
        "anonymousId": "a",
        "messageId": message,
        "writeKey": key,
        "properties": {"content_slug": "a", "topics": ["t"]},
    }
    return httpx.post(f"{url}/v1/track", json=event, timeout=PATIENCE_SECONDS)


def _stored(url: str, key: str, message: str) -> bool:
    """As a client does it: the same message again until it is acknowledged."""
    try:
        return _told(url, key, message).status_code == 200
    except httpx.TransportError:
        return False


def _caught_up(url: str) -> bool:
    consumers = httpx.get(f"{url}/health", headers=WATCHER, timeout=PATIENCE_SECONDS).json()["consumers"]
    return bool(consumers) and not any(each["behind"] for each in consumers)


def _environment(home: Path, **more: str) -> dict[str, str]:
    foreign = ("EINKLANG_", "DJANGO_")
    return {k: v for k, v in os.environ.items() if not k.startswith(foreign)} | {
        "EINKLANG_HOME": str(home),
        "EINKLANG_METRICS_TOKEN": TOKEN,
        **more,
    }


def _command(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *arguments]
    return subprocess.run(command, env=_environment(home, **more), capture_output=True, text=True, check=False)


def _announced(home: Path, process: subprocess.Popen[bytes]) -> str:
    """The address, once this very process has written it."""
    assert process.poll() is None, "the server ended"
    file = home / "server.json"
    server = json.loads(file.read_text()) if file.exists() else {}
    return server["url"] if server.get("pid") == process.pid else ""


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/ready", timeout=2).status_code == 200
    except httpx.TransportError:
        return False


def _refused(url: str) -> httpx.Response | None:
    """A page, asked for by somebody whose session has to be looked up."""
    try:
        answer = httpx.get(f"{url}/studio/", cookies={"sessionid": "0" * 32}, timeout=2)
    except httpx.TransportError:
        return None
    return answer if answer.status_code == 503 else None


def _all_pids(home: Path, supervisor: subprocess.Popen[bytes]) -> list[int]:
    """The supervisor first, so that it starts nothing again."""
    return [supervisor.pid, *_children(supervisor.pid), *_children(_postmaster(home)), _postmaster(home)]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _named(supervisor: subprocess.Popen[bytes], module: str) -> list[int]:
    return [pid for pid in _children(supervisor.pid) if module in Path(f"/proc/{pid}/cmdline").read_text()]


def _postmaster(home: Path) -> int:
    return int((Cluster(home).data / "postmaster.pid").read_text().split()[0])


def _until(probe: Callable[[], T]) -> T:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := probe()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


def test_who_starts_an_empty_home_is_told_where_to_begin_and_what_is_said_counts_at_once() -> None:
    home = Path(tempfile.mkdtemp(prefix="einklang-first-"))
    home.chmod(0o755)
    try:
        with _up(home) as (supervisor, url):
            token = _until(lambda: _token(home))
            assert httpx.get(f"{url}/setup/{token}", timeout=PATIENCE_SECONDS).status_code == 200
            before = _named(supervisor, "einklang.project.web")
            company = {"name": "Nordlicht Pharma GmbH", "address": ["Kiel"], "imprint": ["Nordlicht Pharma GmbH, Kiel"]}
            (home / "company.json").write_text(json.dumps(company))
            _until(lambda: set(_named(supervisor, "einklang.project.web")).isdisjoint(before) and _answers(url))
            assert "Nordlicht Pharma GmbH" in httpx.get(f"{url}/impressum", timeout=PATIENCE_SECONDS).text
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _token(home: Path) -> str:
    place = home / setup_token.NAME
    return place.read_text() if place.exists() else ""
