"""A dump becomes a database again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from einklang.core import pg
from einklang.project.backup import programs
from einklang.project.backup.errors import Failed
from einklang.project.backup.manifest import DATABASE, Manifest
from einklang.project.backup.take import Progress, weighed

JOBS = 2
# A dump names roles but does not bring them, and says what its owner grants by the owner's name.
ROLE = """
DO $$ BEGIN
    CREATE ROLE einklang_face NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT einklang_face TO CURRENT_USER WITH INHERIT FALSE, SET TRUE;
"""
DEFAULTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO einklang_face;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO einklang_face;
"""
OF_AN_OWNER = " DEFAULT ACL "


def load(url: str, backup: Path, manifest: Manifest, tell: Progress) -> None:
    """Into an empty database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(ROLE)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted:
        wanted.write("\n".join(line for line in programs.contents(backup / DATABASE) if OF_AN_OWNER not in line))
        wanted.flush()
        heard = weighed(dict(manifest.rows), "rows", tell)
        programs.restore(url, backup / DATABASE, contents=Path(wanted.name), jobs=JOBS, tell=heard)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(DEFAULTS)
        connection.execute("ANALYZE")


@contextmanager
def draft(url: str) -> Iterator[str]:
    """An empty database beside this one; gone again where something fails."""
    name = f"{name_of(url)}_restored"
    with administrator(url) as admin:
        drop(admin, name)
        try:
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise Failed(
                f"The user of EINKLANG_DATABASE_URL may not make a database. Let her (ALTER ROLE … CREATEDB) "
                f"while {name} is restored."
            ) from error
    try:
        yield with_name(url, name)
    except BaseException:
        with administrator(url) as admin:
            drop(admin, name)
        raise


@contextmanager
def administrator(url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(with_name(url, "postgres"), autocommit=True) as admin:
        yield admin


def drop(admin: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def name_of(url: str) -> str:
    return str(conninfo_to_dict(url).get("dbname") or "einklang")


def with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def is_empty(connection: pg.Connection) -> bool:
    found = connection.execute("SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1").fetchone()
    return found is None
