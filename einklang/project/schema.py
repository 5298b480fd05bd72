"""Brings database and static files to this version, and does nothing where they are. Knows no Django itself."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from einklang.core.errors import SettingsError
from einklang.core.pg import Cursor

ROOT = Path(__file__).resolve().parent.parent
SET_BY_OTHERS = ("django", "django-allauth")
ADVISORY_LOCK = 7_316_254_906  # two processes that start at once migrate one after the other
LOCK_TIMEOUT = "1s"  # whoever comes behind a lock that is waited for waits as well
PAUSES = (0.5, 1, 2, *(5,) * 58)  # some five minutes, then people look at who holds the lock
TIMED_OUT = "lock timeout"
UNFINISHED = """
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE NOT i.indisvalid AND c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace
"""


def migrate(url: str) -> None:
    """While others read and write. A migration that would have to wait for a lock lets those behind it pass, and comes
    again; one that is under way elsewhere, or a backup, is waited for."""
    wanted = f"einklang {_digest(_contents('**/migrations/*.py'))}"
    with psycopg.connect(url, autocommit=True) as connection:
        if _mark(connection) == wanted:
            return
        if not _row(connection, "SELECT pg_try_advisory_lock(%s)", ADVISORY_LOCK):
            sys.stderr.write("Waiting for a backup, or for somebody else who migrates.\n")
            connection.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        if _mark(connection) == wanted:
            return
        _step_by_step(connection, url)
        comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
        connection.execute(comment.format(sql.Identifier(connection.info.dbname), sql.Literal(wanted)))


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
    _manage("collectstatic", "--noinput", "--verbosity", "0")  # what pages of the version before name stays
    mark.write_text(wanted)


def _step_by_step(connection: psycopg.Connection[Any], url: str) -> None:
    """What was done stays done: each migration is a transaction of its own."""
    patient = {"EINKLANG_DATABASE_URL": _with_option(url, f"-c lock_timeout={LOCK_TIMEOUT}")}
    for pause in (*PAUSES, None):
        try:
            _manage("migrate", "--noinput", "--skip-checks", "--verbosity", "0", **patient)
        except SettingsError as refusal:
            if TIMED_OUT not in str(refusal) or pause is None:
                raise
            _drop_unfinished(connection)
            time.sleep(pause)
        else:
            return


def _drop_unfinished(connection: psycopg.Connection[Any]) -> None:
    """An index that was being built beside the traffic and was not finished."""
    for (index,) in connection.execute(UNFINISHED).fetchall():
        connection.execute(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier(index)))


def _mark(connection: psycopg.Connection[Any]) -> str | None:
    query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s"
    found: str | None = _row(connection, query, connection.info.dbname)
    return found


def _row(connection: psycopg.Connection[Any], query: LiteralString, value: object) -> Any:
    row = connection.execute(query, (value,)).fetchone()
    return row[0] if row else None


def _with_option(url: str, option: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{query.get('options', '')} {option}".strip()
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))


def _manage(*arguments: str, **env: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "django", *arguments, "--settings", "einklang.project.settings"],
        capture_output=True,
        text=True,
        env=os.environ | env,
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
