"""PostgreSQL's own programs, with a word on how far they are. A password never stands in a command line."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from einklang.project import embedded
from einklang.project.backup.errors import Failed

AT_TABLE = re.compile(r'(?:dumping contents of|processing data for) table "(?:public\.)?([^"]+)"')
FAULT = re.compile(r"error:|FATAL:|ERROR:")

Tell = Callable[[str], None]  # the table that is begun


def dump(url: str, target: Path, *, snapshot: str, without: Sequence[str], tell: Tell) -> None:
    left_out = [f"--exclude-table-data={table}" for table in without]
    told = ["--format=custom", "--no-owner", "--verbose", f"--snapshot={snapshot}", f"--file={target}"]
    _run("pg_dump", [*told, *left_out], url, tell)


def restore(url: str, source: Path, *, contents: Path, jobs: int, tell: Tell) -> None:
    """`contents` lists what of it is wanted."""
    told = ["--no-owner", "--exit-on-error", "--verbose", f"--jobs={jobs}", f"--use-list={contents}"]
    _run("pg_restore", [*told, str(source)], url, tell)


def contents(source: Path) -> list[str]:
    """One line for each thing in a dump."""
    done = subprocess.run([_program("pg_restore"), "--list", source], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"pg_restore cannot read {source}: {done.stderr.strip()}")
    return done.stdout.splitlines()


def _run(program: str, arguments: Sequence[str], url: str, tell: Tell) -> None:
    parts = {name: value for name, value in conninfo_to_dict(url).items() if name != "options"}
    password = parts.pop("password", None)
    env = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    command: list[str | Path] = [
        _program(program),
        *arguments,
        "--no-password",
        f"--dbname={make_conninfo('', **parts)}",
    ]
    faults = []
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env) as process:
        assert process.stderr
        try:
            for line in process.stderr:
                if found := AT_TABLE.search(line):
                    tell(found[1])
                elif FAULT.search(line):
                    faults.append(line.strip())
        except BaseException:
            process.terminate()
            raise
    if process.returncode:
        raise Failed(f"{program} gave up: {' '.join(faults) or f'it ended with {process.returncode}.'}")


def _program(name: str) -> Path:
    return embedded.binaries() / name
