"""`einklang import` on a running database."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

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
