"""Is a backup worth anything? It is restored into a server of its own, looked at, and thrown away."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson

from einklang.core import clock, pg, settings
from einklang.facts.audit import trail
from einklang.facts.consent import verify
from einklang.loop.interactions import positions
from einklang.project import embedded
from einklang.project.backup import load, manifest, take
from einklang.project.backup.errors import Failed
from einklang.project.backup.manifest import Manifest

RESULT = "drill.json"
BUSY = "Another drill is under way in {}. Wait for it."


@dataclass(frozen=True, slots=True)
class Drilled:
    backup: str
    at: datetime
    seconds: float
    rows: int
    faults: list[str]


def drill(backup: Path, tell: take.Progress) -> Drilled:
    """The result also stands beside the backup."""
    began = clock.real_now()
    told = manifest.read(backup)
    manifest.check(backup, told)
    home = settings.get().home
    with embedded.locked(home / "drill.lock", BUSY.format(home)), _server(home / "drill") as url:
        try:
            faults = _faults(url, backup, told, tell)
        except Failed as refusal:  # whole, byte for byte, and yet no database
            faults = [str(refusal)]
    seconds = round((clock.real_now() - began).total_seconds(), 1)
    done = Drilled(backup.name, began, seconds, sum(told.rows.values()), faults)
    (backup / RESULT).write_bytes(orjson.dumps(done))
    return done


def result(backup: Path) -> dict[str, object] | None:
    return orjson.loads((backup / RESULT).read_bytes()) if (backup / RESULT).exists() else None


@contextmanager
def _server(home: Path) -> Iterator[str]:
    cluster = embedded.Cluster(home, durable=False)
    _clear(cluster)
    process = cluster.start()
    try:
        yield cluster.url
    finally:
        embedded.end(process)
        _clear(cluster)


def _faults(url: str, backup: Path, told: Manifest, tell: take.Progress) -> list[str]:
    load.load(url, backup, told, tell)
    with pg.connect(url, application="einklang drill") as connection:
        cur = connection.cursor()
        found = take.rows(cur, list(told.rows))
        faults = [
            f"{name} has {found[name]} rows and not {wanted}."
            for name, wanted in told.rows.items()
            if found[name] != wanted
        ]
        if positions.last(cur) < told.position:
            faults.append(f"The log ends at {positions.last(cur)} and not at {told.position}.")
        if (position := trail.broken(cur)) is not None:
            faults.append(f"The audit trail is broken at {position}.")
        if broken := verify.verify(cur):
            faults.append(f"The ledger of consents is broken: {broken}.")
    return faults


def _clear(cluster: embedded.Cluster) -> None:
    shutil.rmtree(cluster.base.resolve() if cluster.home.exists() else cluster.home, ignore_errors=True)
    shutil.rmtree(cluster.home, ignore_errors=True)
