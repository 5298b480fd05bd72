"""`einklang import` on a running database, also where it is killed."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psycopg
import pytest

from einklang.facts.people.models import Person

HEADER = ["Kennung", "Vorname", "Nachname", "Beruf"]


def test_a_file_goes_in_and_the_refused_row_comes_out(child_env: dict[str, str], tmp_path: Path) -> None:
    told = _run(child_env, tmp_path, _file(tmp_path, 3, broken={1}), "--errors", str(tmp_path / "errors.csv"))
    assert {name: told[name] for name in ("state", "rows", "new", "refused")} == {
        "state": "done",
        "rows": 3,
        "new": 2,
        "refused": 1,
    }
    with (tmp_path / "errors.csv").open(encoding="utf-8", newline="") as lines:
        assert [row[2] for row in csv.reader(lines, delimiter=";")] == ["Nachname", ""]


def test_a_dry_run_writes_nothing(child_env: dict[str, str], tmp_path: Path) -> None:
    told = _run(child_env, tmp_path, _file(tmp_path, 3), "--dry-run")
    assert (told["state"], told["new"], Person.objects.count()) == ("checked", 3, 0)


def test_a_mapping_of_ones_own_is_followed(child_env: dict[str, str], tmp_path: Path) -> None:
    file = _file(tmp_path, 2, header=["a", "b", "c", "d"])
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"a": "external_id", "b": "given_name", "c": "family_name", "d": "profession"}))
    assert _run(child_env, tmp_path, file, "--mapping", str(mapping))["new"] == 2


def test_an_unknown_kind_is_one_sentence(child_env: dict[str, str], tmp_path: Path) -> None:
    refused = subprocess.run(
        [sys.executable, "-m", "einklang.project.cli", "import", "dogs", str(_file(tmp_path, 1))],
        env=child_env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert "people" in refused.stderr


@pytest.mark.slow
def test_a_run_that_is_killed_again_and_again_neither_doubles_nor_loses_a_row(
    child_env: dict[str, str], fresh_db: str, tmp_path: Path
) -> None:
    count, broken = 12_000, set(range(0, 12_000, 33))
    file = _file(tmp_path, count, broken=broken)
    process = _start(child_env, file)
    kills = 0
    with psycopg.connect(fresh_db, autocommit=True) as watching:
        while (state := _state(watching)) != "done":
            if state == "checked":
                watching.execute(
                    "UPDATE imports_batch SET state = 'running', phase = 'run', position = 0, \"offset\" = 0, "
                    "counts = '{}', started_at = now()"
                )
                watching.execute("DELETE FROM imports_refusal")
            time.sleep(0.35)
            process.kill()
            process.wait()
            kills += 1
            process = _worker(child_env)
        process.kill()
        process.wait()
        refused = watching.execute("SELECT row FROM imports_refusal ORDER BY position").fetchall()
        people = watching.execute("SELECT count(*), count(DISTINCT family_name) FROM people_person").fetchone()
    assert kills > 5
    assert [row for (row,) in refused] == [number + 2 for number in sorted(broken)]
    assert people == (count - len(broken),) * 2


def _file(
    folder: Path, count: int, *, broken: set[int] | frozenset[int] = frozenset(), header: list[str] = HEADER
) -> Path:
    path = folder / "liste.csv"
    with path.open("w", encoding="utf-8", newline="") as lines:
        out = csv.writer(lines, delimiter=";")
        out.writerow(header)
        for number in range(count):
            out.writerow([f"A-{number}", "Mira", "" if number in broken else f"Muster{number}", "Ärztin"])
    return path


def _run(env: Mapping[str, str], folder: Path, file: Path, *options: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "einklang.project.cli", "import", "people", str(file), "--json", *options],
        env=dict(env),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, object] = json.loads(done.stdout)
    return told


def _start(env: Mapping[str, str], file: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "einklang.project.cli", "import", "people", str(file)], env=dict(env)
    )


def _worker(env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "einklang.project.worker"], env=dict(env))


def _state(watching: psycopg.Connection[tuple[str]]) -> str:
    row = watching.execute("SELECT state FROM imports_batch").fetchone()
    return row[0] if row else ""
