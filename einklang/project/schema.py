"""Brings database and static files to this version, and does nothing where they are. Knows no Django itself."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

from einklang.core.errors import SettingsError
from einklang.core.pg import Cursor

ROOT = Path(__file__).resolve().parent.parent
SET_BY_OTHERS = ("django", "django-allauth")
ADVISORY_LOCK = 7_316_254_906  # two processes that start at once migrate one after the other


def migrate(url: str) -> None:
    wanted = f"einklang {_digest(_contents('**/migrations/*.py'))}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        database = connection.info.dbname
        mark = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
        row = connection.execute(mark, (database,)).fetchone()
        if row and row[0] == wanted:
            return
        _manage("migrate", "--noinput", "--skip-checks", "--verbosity", "0")
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(database), sql.Literal(wanted)))


def missing(cur: Cursor) -> set[tuple[str, str]]:
    """Migrations of this version that the database lacks; more than these may have run, of a version to come."""
    known = {(file.parent.parent.name, file.stem) for file in _files("**/migrations/[0-9]*.py")}
    if not cur.execute("SELECT to_regclass('django_migrations')").fetchone()[0]:  # type: ignore[index]
        return known
    return known - set(cur.execute("SELECT app, name FROM django_migrations").fetchall())


def collect_static(home: Path) -> None:
    wanted = _digest(f"{file}{file.stat().st_mtime_ns}".encode() for file in _files("**/static/**/*"))
    mark = home / "static.version"
    if mark.exists() and mark.read_text() == wanted:
        return
    _manage("collectstatic", "--noinput", "--clear", "--verbosity", "0")
    mark.write_text(wanted)


def _manage(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments, "--settings", "einklang.project.settings"],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SettingsError(f"`django {arguments[0]}` failed: {_reason(done.stderr)}")


def _reason(trace: str) -> str:
    """The line of a traceback that names the error."""
    named = re.findall(r"^[\w.]+(?:Error|Exception)\b.*$", trace, re.MULTILINE)
    return named[-1] if named else trace.strip()


def _contents(pattern: str) -> Iterable[bytes]:
    return (str(file.relative_to(ROOT)).encode() + file.read_bytes() for file in _files(pattern))


def _files(pattern: str) -> list[Path]:
    return sorted(file for file in ROOT.glob(pattern) if file.is_file())


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256("".join(version(name) for name in SET_BY_OTHERS).encode())
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:32]
