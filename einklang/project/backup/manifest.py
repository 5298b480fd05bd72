"""What a backup says about itself, and whether that is still true."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from einklang.core import settings
from einklang.core.errors import NotFound
from einklang.project.backup.errors import BadBackup

FORMAT = 1
PREFIX = "einklang-"
NAME = f"{PREFIX}%Y%m%dT%H%M%SZ"
MANIFEST, DATABASE, FILES, KEYS = "manifest.json", "database.dump", "files.tar.gz", "keys.sealed"
PIECE = 1 << 20
TAKE_ANOTHER = "Take another backup."


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`position` and `trail`: up to where the log and the audit trail had come; `rows` of each table, as the dump has
    them; `secret` tells whether a key is the one that this house signed with; `parts`: file → SHA-256."""

    format: int
    version: str
    made_at: datetime
    seconds: float
    position: int
    trail: int
    migrations: Sequence[str]
    rows: Mapping[str, int]
    secret: str
    demo: bool
    parts: Mapping[str, str]

    def write(self, folder: Path) -> None:
        """Last of all: a folder without it is no backup."""
        (folder / MANIFEST).touch(mode=0o600)
        with (folder / MANIFEST).open("wb") as file:
            file.write(orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2))
            file.flush()
            os.fsync(file.fileno())


def folder() -> Path:
    """Where backups go: EINKLANG_BACKUPS, which should be another disk."""
    return Path(os.environ.get("EINKLANG_BACKUPS") or settings.get().home / "backups").absolute()


def every(place: Path) -> list[Path]:
    """The whole ones in a folder, the newest last."""
    return sorted(each.parent for each in place.glob(f"{PREFIX}*/{MANIFEST}"))


def made_at(backup: Path) -> datetime:
    """By its name, which says so even where its manifest is damaged or of another version."""
    try:
        return datetime.strptime(backup.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return read(backup).made_at


def find(place: Path) -> Path:
    """A backup, its manifest, or the newest of a folder of backups."""
    if place.name == MANIFEST and place.exists():
        return place.parent
    if (place / MANIFEST).exists():
        return place
    if found := every(place):
        return found[-1]
    raise NotFound(f"There is no backup in {place}. Name a folder that `einklang backup` has written.")


def read(backup: Path) -> Manifest:
    try:
        told = orjson.loads((backup / MANIFEST).read_bytes())
        if told["format"] != FORMAT:
            raise BadBackup(
                f"{backup} was made by another version of Einklang ({told['version']}). Restore it with that one."
            )
        return Manifest(**told | {"made_at": datetime.fromisoformat(told["made_at"])})
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadBackup(f"{backup / MANIFEST} is damaged. Take another backup.") from error


def check(backup: Path, manifest: Manifest) -> None:
    """Are all the parts there, byte for byte?"""
    for name, wanted in manifest.parts.items():
        part = backup / name
        if not part.exists():
            raise BadBackup(f"{part} is missing. {TAKE_ANOTHER}")
        if digest(part) != wanted:
            raise BadBackup(f"{part} is not what was written then. {TAKE_ANOTHER}")


def check_version(backup: Path, manifest: Manifest, known: Collection[str]) -> None:
    """An older one is brought up to date; what a newer one means nobody here knows."""
    if unknown := sorted(set(manifest.migrations) - set(known)):
        raise BadBackup(
            f"{backup} comes from a newer Einklang ({manifest.version}; {unknown[0]} is not known here). "
            "Install that version, then restore."
        )


def digest(file: Path) -> str:
    found = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def of_secret(key: str) -> str:
    return hmac.digest(key.encode(), b"einklang backup", hashlib.sha256).hex()[:32]


def size(backup: Path) -> int:
    return sum(part.stat().st_size for part in backup.iterdir())
