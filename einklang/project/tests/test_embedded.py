from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from einklang.core.errors import Conflict
from einklang.project import embedded
from einklang.project.embedded import Cluster


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="einklang-pg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_it_starts_on_a_private_socket_and_stops(home: Path) -> None:
    with embedded.running(home) as url, psycopg.connect(url) as connection:
        assert connection.info.server_version >= 180000
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert (Cluster(home).run.stat().st_mode & 0o777) == 0o700
    assert not Cluster(home).answers()


def test_a_second_one_on_the_same_home_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOCK_SECONDS", 0.1)
    with embedded.locked(home / "postgres.lock", "taken"), pytest.raises(Conflict, match="already runs"):
        embedded.running(home).__enter__()


@pytest.mark.slow
def test_it_dies_with_its_parent_and_starts_again_with_its_data(home: Path) -> None:
    script = (
        "import os, signal, sys, pathlib, psycopg\n"
        "from einklang.project import embedded\n"
        "with embedded.running(pathlib.Path(sys.argv[1])) as url, psycopg.connect(url) as connection:\n"
        "    connection.execute('CREATE TABLE kept ()')\n"
        "    connection.commit()\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(home)], check=False)
    with embedded.running(home) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


@pytest.mark.slow
def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(home: Path) -> None:
    with embedded.running(home):
        pass
    (Cluster(home).data / "postmaster.pid").write_text(f"{os.getpid()}\n{Cluster(home).data}\n")
    with embedded.running(home) as url:
        psycopg.connect(url).close()


@pytest.mark.slow
def test_a_home_in_a_very_deep_folder_gets_a_short_socket(home: Path) -> None:
    deep = home / ("d" * 100)
    with embedded.running(deep) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    shutil.rmtree(Cluster(deep).run)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root cannot run PostgreSQL itself")
def test_under_root_a_closed_home_keeps_its_data_where_nobody_can_reach_it(home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    try:
        with embedded.running(closed) as url, psycopg.connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert (closed / "postgres").resolve().parent == embedded.ROOTS_STORE
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        shutil.rmtree((closed / "postgres").resolve())
