"""Plays the demo's story as a stranger does: the command in a home of its own, and what it prints."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-m", "einklang.project.cli")
FOREIGN = ("EINKLANG_", "DJANGO_")

Lines = list[dict[str, Any]]


@contextmanager
def empty_home() -> Iterator[Path]:
    """Where PostgreSQL's user can walk, which pytest's own folders forbid."""
    home = Path(tempfile.mkdtemp(prefix="einklang-story-"))
    home.chmod(0o755)
    try:
        yield home
    finally:
        shutil.rmtree((home / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(home, ignore_errors=True)


def environment(home: Path, **more: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    return own | {"EINKLANG_HOME": str(home), "EINKLANG_LOG": "json"} | more


def einklang(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(home, **more), capture_output=True, text=True, check=False
    )


def told(home: Path, *arguments: str, **more: str) -> Lines:
    """What a command prints as JSON lines; it must end well."""
    done = einklang(home, *arguments, **more)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def play(home: Path, *arguments: str, **more: str) -> Lines:
    return told(home, "demo", "--no-serve", "--json", "--people", "20", *arguments, **more)
