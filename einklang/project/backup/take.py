"""A backup of a house that goes on working: one snapshot of the database, the files that belong to it, a manifest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from psycopg import sql

from einklang.core import clock, pg, settings
from einklang.core.errors import NotFound
from einklang.facts.audit import trail
from einklang.loop.interactions import positions
from einklang.project import embedded, schema
from einklang.project.backup import home as files
from einklang.project.backup import manifest, programs, seal
from einklang.project.backup.errors import Failed
from einklang.project.backup.manifest import DATABASE, FILES, FORMAT, KEYS, NAME, Manifest

DRAFT = ".draft-"
SESSIONS = ("django_session", "usersessions_usersession")  # everybody signs in anew after a restore
TABLES = """
SELECT relname, pg_table_size(oid), relpersistence = 'u' FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
BUSY = "Another backup is being written to {}. Wait for it, or name another folder."

Progress = Callable[[str, int, int], None]  # what is done now, so many bytes of so many


@dataclass(frozen=True, slots=True)
class Taken:
    backup: Path
    manifest: Manifest
    bytes: int
    keys_left_out: tuple[str, ...]  # what must be kept elsewhere


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a moment of the database was, and the name by which pg_dump sees the same."""

    name: str
    sizes: dict[str, int]
    without: list[str]
    rows: dict[str, int]
    migrations: list[str]
    position: int
    trail: int


def take(url: str, home: Path, place: Path, tell: Progress) -> Taken:
    with _folder(place), embedded.locked(place / "backup.lock", BUSY.format(place)):
        for left in place.glob(f"{DRAFT}*"):
            shutil.rmtree(left)
        began = clock.real_now()
        name = f"{began:{NAME}}"
        draft = place / f"{DRAFT}{name}"
        draft.mkdir(mode=0o700)
        with _snapshot(url) as snapshot:
            programs.dump(
                url,
                draft / DATABASE,
                snapshot=snapshot.name,
                without=snapshot.without,
                tell=weighed(snapshot.sizes, "database", tell),
            )
        files.pack(home, draft / FILES)
        word = seal.passphrase()
        if word:
            (draft / KEYS).write_bytes(seal.close(home, word))
        told = _manifest(draft, snapshot, began)
        told.write(draft)
        draft.rename(place / name)
    left_out = () if word else tuple(each.name for each in seal.secrets(home))
    return Taken(place / name, told, manifest.size(place / name), left_out)


def forget(place: Path, days: int, now: datetime) -> list[Path]:
    """Whoever was erased is still in older backups, so they must not stay for long. The newest always stays."""
    old = [each for each in manifest.every(place)[:-1] if manifest.made_at(each) < now - timedelta(days=days)]
    for each in old:
        shutil.rmtree(each)
    return old


@contextmanager
def _folder(place: Path) -> Iterator[None]:
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise Failed(
            f"No backup can be written to {place}: {error.strerror}. Name another folder by --to or EINKLANG_BACKUPS."
        ) from error


@contextmanager
def _snapshot(url: str) -> Iterator[Snapshot]:
    """No migration runs meanwhile: it would wait for the dump, and whoever reads would wait for it."""
    with pg.connect(url, autocommit=True, application="einklang backup") as connection:
        connection.execute("SET transaction_timeout = 0")
        connection.execute("SELECT pg_advisory_lock_shared(%s)", (schema.ADVISORY_LOCK,))
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cur = connection.cursor()
        name = (cur.execute("SELECT pg_export_snapshot()").fetchone() or ("",))[0]
        tables = cur.execute(TABLES).fetchall()
        if not tables:
            raise NotFound("There is no house in this database yet, so there is nothing to back up.")
        without = [table for table, _, unlogged in tables if unlogged or table in SESSIONS]
        yield Snapshot(
            name=name,
            sizes={table: size for table, size, _ in tables if table not in without},
            without=without,
            rows=rows(cur, [table for table, _, _ in tables if table not in without]),
            migrations=[each for (each,) in cur.execute(MIGRATIONS)],
            position=positions.last(cur),
            trail=trail.length(cur),
        )


def rows(cur: pg.Cursor, tables: list[str]) -> dict[str, int]:
    count = sql.SQL("SELECT count(*) FROM {}")
    return {each: int((cur.execute(count.format(sql.Identifier(each))).fetchone() or (0,))[0]) for each in tables}


def _manifest(draft: Path, snapshot: Snapshot, began: datetime) -> Manifest:
    own = settings.get()
    for part in draft.iterdir():
        part.chmod(0o600)
        _to_disk(part)
    return Manifest(
        format=FORMAT,
        version=version("einklang"),
        made_at=began,
        seconds=round((clock.real_now() - began).total_seconds(), 1),
        position=snapshot.position,
        trail=snapshot.trail,
        migrations=snapshot.migrations,
        rows=snapshot.rows,
        secret=manifest.of_secret(own.secret_key),
        demo=own.demo,
        parts={part.name: manifest.digest(part) for part in sorted(draft.iterdir())},
    )


def weighed(sizes: dict[str, int], what: str, tell: Progress) -> programs.Tell:
    """A table that begins says that those before it are done."""
    total, done, at = sum(sizes.values()), 0, 0

    def begin(table: str) -> None:
        nonlocal done, at
        done, at = done + at, sizes.get(table, 0)
        tell(what, done, total)

    return begin


def _to_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
