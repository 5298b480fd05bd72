"""What a stranger looks for first is there and true."""

from __future__ import annotations

import subprocess

import pytest

from tests.shape.house import ROOT

ELSEWHERE = ("index-url", "find-links", "http://", "https://")


def test_the_licence_is_apache_2() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("command", ["make demo", "make test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    assert command in (ROOT / "README.md").read_text()


def test_every_decision_of_the_house_has_a_record() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [record.name.partition("-")[0] for record in records]
    assert len(set(numbers)) == len(records) >= 6
    told = {record.name: record.read_text() for record in records}
    assert [name for name, text in told.items() if not text.startswith("# ") or len(text) < 300] == []
    assert (ROOT / "docs" / "architecture.md").exists()
    assert (ROOT / "CHANGELOG.md").exists()


def test_the_lock_file_names_no_registry() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    assert [line for line in lines if any(word in line for word in ELSEWHERE)] == []


def test_no_file_knows_the_machine_it_was_written_on() -> None:
    found = subprocess.run(
        ["git", "grep", "-I", "-l", "-e", "/work/" + "main", "-e", "/work/" + "shared"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
