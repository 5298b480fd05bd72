"""A backup becomes the house. It is made ready beside what is there, and takes its place at the very end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from einklang.core import pg, settings
from einklang.core.errors import Conflict
from einklang.loop.interactions import positions
from einklang.project import embedded, running, schema
from einklang.project.backup import home as files
from einklang.project.backup import load, manifest, register, seal, settle
from einklang.project.backup.errors import BadBackup
from einklang.project.backup.manifest import FILES, KEYS, Manifest
from einklang.project.backup.settle import Settled
from einklang.project.backup.take import Progress
from einklang.services.privacy import promises
from einklang.services.privacy.promises import Place, Promise

MARGIN = timedelta(days=1)  # a promise that is kept twice is kept once
OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
"""


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    settled: Settled
    promises_from: str  # where what people ended since the backup was read


@contextmanager
def server() -> Iterator[str]:
    """The database that will be the house's, while nobody works on it."""
    own = settings.get()
    if running.find(own.home):
        raise Conflict("The house is running. Stop `einklang up` (or the service), then restore.")
    if not own.database_url:
        with embedded.running(own.home) as url:
            yield url
        return
    with psycopg.connect(own.database_url, autocommit=True) as connection:
        others = connection.execute(OTHERS).fetchone()
    if others and others[0]:
        raise Conflict(f"{others[0]} others are connected to the database. Stop all web processes and workers first.")
    yield own.database_url


def restore(backup: Path, url: str, *, replace: bool, other_key: bool, known: set[str], tell: Progress) -> Restored:
    """`replace`: the house that is there goes. `known`: the migrations of this version."""
    told = manifest.read(backup)
    manifest.check_version(backup, told, known)
    manifest.check(backup, told)
    home = settings.get().home
    secrets = _secrets(backup, told, home, other_key=other_key)
    with pg.connect(url, autocommit=True) as connection:
        empty = load.is_empty(connection)
    if not replace and (not empty or files.holds(home)):
        raise Conflict(
            f"There is a house already in {home}. `--yes` puts the backup in its place, and what came since "
            f"{told.made_at:%Y-%m-%d %H:%M} UTC is lost. Back it up first, or choose another EINKLANG_HOME."
        )
    seen, since, where = _present(url, told, backup, empty=empty)
    with files.unpacked(backup / FILES, home) as draft, load.draft(url) as fresh:
        load.load(fresh, backup, told, tell)
        with running.known(EINKLANG_HOME=str(draft), EINKLANG_DATABASE_URL=fresh, EINKLANG_SECRET_KEY=_key(secrets)):
            schema.migrate(fresh)
            settled = settle.in_a_process(since, seen=max(seen, told.position), backup=backup.name)
        _swap(url, fresh)
    files.put(draft, home)
    _keep(home, secrets)
    register.start_again(manifest.folder())
    return Restored(told, settled, where)


def _secrets(backup: Path, told: Manifest, home: Path, *, other_key: bool) -> dict[str, str]:
    """What the home gets of sealed keys. Whoever signs with another key than before loses links and suppressions."""
    word = seal.passphrase()
    found = seal.open_((backup / KEYS).read_bytes(), word) if word and KEYS in told.parts else {}
    if "EINKLANG_SECRET_KEY" in os.environ:
        found.pop("secret_key", None)
    if other_key or manifest.of_secret(found.get("secret_key") or settings.get().secret_key) == told.secret:
        return found
    raise BadBackup(
        "This backup belongs to another EINKLANG_SECRET_KEY. With a new one no link in a past mail opens, no second "
        "factor fits, and an import may bring back who was erased. Set the old key, or "
        f"{seal.VARIABLE} if its keys were sealed; where they are lost for good, go on with --other-key."
    )


def _key(secrets: dict[str, str]) -> str:
    return secrets.get("secret_key") or settings.get().secret_key


def _present(url: str, told: Manifest, backup: Path, *, empty: bool) -> tuple[int, list[Promise], str]:
    """What the house knows that was there until now: the last place in its log, and what people ended meanwhile."""
    since = told.made_at - MARGIN
    noted = [each for place in {backup.parent, manifest.folder()} for each in register.since(place, since)]
    if empty:
        return 0, noted, "register"
    try:
        with pg.connect(url, autocommit=True, application="einklang restore") as connection:
            cur = connection.cursor()
            pieces = promises.made_since(cur, Place(told.position, told.trail))
            return positions.last(cur), [*noted, *(each for found, _ in pieces for each in found)], "house"
    except psycopg.Error:
        return 0, noted, "register"


def _swap(url: str, fresh: str) -> None:
    """Both names in one transaction: there is a house at any moment."""
    name, before = load.name_of(url), f"{load.name_of(url)}_before"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with load.administrator(url) as admin:
        load.drop(admin, before)
        with admin.transaction():
            admin.execute(rename.format(sql.Identifier(name), sql.Identifier(before)))
            admin.execute(rename.format(sql.Identifier(load.name_of(fresh)), sql.Identifier(name)))
        load.drop(admin, before)


def _keep(home: Path, secrets: dict[str, str]) -> None:
    for name, text in secrets.items():
        place = home / name
        place.unlink(missing_ok=True)
        place.touch(mode=0o600)
        place.write_text(text)
    settings.get.cache_clear()


def age(told: Manifest, now: datetime) -> str:
    hours = (now - told.made_at).total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 48 else f"{hours / 24:.0f} days"
