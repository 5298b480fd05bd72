"""What people ended, written down beside the backups once a minute: a restored house keeps it (Art. 17 GDPR)."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from pathlib import Path

import orjson

from einklang.core.pg import Cursor
from einklang.project import embedded
from einklang.services.privacy import promises
from einklang.services.privacy.promises import Place, Promise

PIECES = 20  # at once; a long log is read over some minutes
NAME, READ = "promises.jsonl", "promises.read"
BUSY = "Somebody else writes {}."


def write_on(cur: Cursor, place: Path) -> int:
    """How many were new. A line is on the disk before its place counts as read: twice rather than never."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with embedded.locked(place / "promises.lock", BUSY.format(place / NAME)):
        new = 0
        for found, reached in islice(promises.made_since(cur, _read(place)), PIECES):
            if found:
                _append(place / NAME, found)
            _keep(place / READ, reached)
            new += len(found)
    return new


def listing(place: Path) -> list[Promise]:
    """A line that broke off stands there again, whole."""
    if not (place / NAME).exists():
        return []
    return [each for each in map(_promise, (place / NAME).read_bytes().splitlines()) if each]


def since(place: Path, moment: datetime) -> list[Promise]:
    return [each for each in listing(place) if each.at >= moment]


def forget(place: Path, before: datetime) -> int:
    """How many went: what the oldest backup knows itself."""
    if not (place / NAME).exists():
        return 0
    with embedded.locked(place / "promises.lock", BUSY.format(place / NAME)):
        there = listing(place)
        kept = [each for each in there if each.at >= before]
        draft = place / f".{NAME}"
        draft.unlink(missing_ok=True)
        _append(draft, kept)
        draft.replace(place / NAME)
    return len(there) - len(kept)


def start_again(place: Path) -> None:
    """Places of another database say nothing about this one."""
    (place / READ).unlink(missing_ok=True)


def _append(path: Path, found: Sequence[Promise]) -> None:
    path.touch(mode=0o600)
    with path.open("ab") as file:
        file.write(b"\n" if file.tell() else b"")  # what broke off before stands alone
        file.write(b"".join(orjson.dumps(asdict(each)) + b"\n" for each in found))
        file.flush()
        os.fsync(file.fileno())


def _keep(path: Path, place: Place) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(orjson.dumps(asdict(place)))
    draft.replace(path)


def _read(place: Path) -> Place:
    return Place(**orjson.loads((place / READ).read_bytes())) if (place / READ).exists() else Place()


def _promise(line: bytes) -> Promise | None:
    try:
        return Promise.told(orjson.loads(line))
    except orjson.JSONDecodeError:
        return None
