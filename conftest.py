"""One PostgreSQL for all test runs of this user, a migrated template, a clone for every process and committing test."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Page, sync_playwright
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from einklang.core import clock, settings
from einklang.project.embedded import Cluster, alive
from tests.serving import serving

PLACE = Path(tempfile.gettempdir()) / f"einklang-tests-{os.getuid()}"
DAY_SECONDS = 86_400
LONGEST = ("test_every_page.py", "test_torture.py", "test_story.py")
LAUNCHED: list[subprocess.Popen[bytes]] = []  # kept, since it may outlive this run


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker waits for the other at the end."""
    items.sort(key=_haste)


def _haste(item: pytest.Item) -> int:
    if item.path.name in LONGEST:
        return LONGEST.index(item.path.name)
    fixtures = getattr(item, "fixturenames", ())
    signs = (item.get_closest_marker("slow"), "page" in fixtures, "server" in fixtures, True)
    return len(LONGEST) + next(place for place, sign in enumerate(signs) if sign)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The first run starts it, the last one to end stops it."""
    PLACE.mkdir(mode=0o755, exist_ok=True)
    assert PLACE.stat().st_uid == os.getuid(), f"{PLACE} belongs to somebody else"
    server = Cluster(PLACE, durable=False, dies_with_parent=False)
    users = (PLACE / "users.lock").open("a")
    with _exclusive("start"):
        if not server.answers():
            LAUNCHED.append(server.start())
        fcntl.flock(users, fcntl.LOCK_SH)
        _drop_leftovers(server)
    yield server
    with _exclusive("start"):
        if _is_last(users):
            server.stop()
        users.close()


@pytest.fixture(scope="session")
def template(cluster: Cluster, django_db_blocker: Any) -> str:
    """Name of a database in which all migrations of this checkout have run."""
    digest = _migrations_digest()
    name = f"template_{digest}"
    with _exclusive(name), _administrator(cluster) as admin:
        if not _databases(admin, f"^{name}$"):
            draft = f"draft_{digest}"
            _drop(admin, draft)
            _create(admin, draft, template="template1")
            with django_db_blocker.unblock(), _pointed_at(cluster, draft):
                call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
            admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(_id(draft), _id(name)))
    return name


@pytest.fixture(scope="session")
def django_db_setup(cluster: Cluster, template: str, django_db_blocker: Any) -> Iterator[None]:
    """What pytest-django's `db` works on: rolled back after each test."""
    with django_db_blocker.unblock(), _clone(cluster, template, "shared"):
        yield


@pytest.fixture
def fresh_db(
    cluster: Cluster,
    template: str,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """A database for one test that commits. Django points at it, the URL is for threads and processes of the test."""
    assert not request.node.get_closest_marker("django_db"), (
        "a test takes django_db (rolled back) or fresh_db, not both"
    )
    with django_db_blocker.unblock(), _clone(cluster, template, f"fresh{time.monotonic_ns()}") as url:
        monkeypatch.setenv("EINKLANG_DATABASE_URL", url)
        settings.get.cache_clear()
        yield url
    monkeypatch.undo()
    settings.get.cache_clear()


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A demo may move its clock."""
    monkeypatch.setenv("EINKLANG_DEMO", "1")
    settings.get.cache_clear()
    yield
    monkeypatch.undo()
    settings.get.cache_clear()


@pytest.fixture
def child_env(fresh_db: str) -> dict[str, str]:
    """Environment for processes that a test starts: this test's database and home."""
    return os.environ | {"EINKLANG_TESTS_CHILD": "1", "DJANGO_SETTINGS_MODULE": "tests.settings"}


@pytest.fixture
def server(child_env: dict[str, str]) -> Iterator[str]:
    """The address of a web process on this test's database. Ask for `demo` before it where the clock shall move."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        url = f"http://localhost:{listening.getsockname()[1]}"
        with serving(listening, child_env | {"EINKLANG_PUBLIC_URL": url}):
            assert httpx.get(f"{url}/health/ready", timeout=60).status_code == 200  # waits in the socket's queue
            yield url


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A page of Debian's Chromium."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.fail("Chromium is missing: `apt-get install chromium` needs rights that this user does not have.")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        connections.close_all()  # inside playwright's loop Django keeps connections of its own, beside the thread's
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()
        connections.close_all()


@contextmanager
def _clone(cluster: Cluster, template: str, label: str) -> Iterator[str]:
    name = f"clone_{os.getpid()}_{label}"
    with _administrator(cluster) as admin:
        _create(admin, name, template=template)
    with _pointed_at(cluster, name):
        yield cluster.database_url(name)
    with _administrator(cluster) as admin:
        _drop(admin, name)


@contextmanager
def _pointed_at(cluster: Cluster, name: str) -> Iterator[None]:
    """All threads of this process share the dictionary from which Django connects."""
    target = connections.databases["default"]
    before = dict(target)
    parts = conninfo_to_dict(cluster.database_url(name))
    connection.close()
    target.update(NAME=name, USER=parts["user"], HOST=parts["host"], PASSWORD="", PORT="")
    try:
        yield
    finally:
        connection.close()
        target.update(before)


@contextmanager
def _exclusive(name: str) -> Iterator[None]:
    with (PLACE / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.utime(lock.fileno())
        yield


@contextmanager
def _administrator(cluster: Cluster) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(cluster.database_url("postgres"), autocommit=True) as admin:
        yield admin


def _is_last(users: IO[str]) -> bool:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _drop_leftovers(cluster: Cluster) -> None:
    """Clones whose process is gone, templates that nobody used for a day."""
    with _administrator(cluster) as admin:
        for name in _databases(admin, r"^clone_\d+_"):
            if not alive(int(re.findall(r"\d+", name)[0])):
                _drop(admin, name)
        for name in _databases(admin, "^template_"):
            lock = PLACE / f"{name}.lock"
            if not lock.exists() or clock.real_now().timestamp() - lock.stat().st_mtime > DAY_SECONDS:
                _drop(admin, name)
                lock.unlink(missing_ok=True)


def _databases(admin: psycopg.Connection[Any], pattern: str) -> list[str]:
    rows = admin.execute("SELECT datname FROM pg_database WHERE datname ~ %s", (pattern,)).fetchall()
    return [name for (name,) in rows]


def _create(admin: psycopg.Connection[Any], name: str, *, template: str) -> None:
    admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(_id(name), _id(template)))


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_id(name)))


def _id(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _migrations_digest() -> str:
    files = sorted(Path(__file__).parent.glob("einklang/**/migrations/*"))
    content = b"".join(str(file).encode() + file.read_bytes() for file in files if file.is_file())
    return hashlib.sha256(content).hexdigest()[:16]
