"""What people ended also stands beside the backups, until every backup knows it itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import RESTRICTED, Ageing, Outcome, Room
from einklang.core.pg import Cursor
from einklang.project.backup import manifest, register

CLASS = "promises"


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    hers = [each for each in register.listing(manifest.folder()) if each.person == person]
    return {CLASS: [{"at": each.at, "permission": each.permission, "state": each.state} for each in hers]}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    """That she was erased is written down within a minute: an older backup still knows her."""
    return [Outcome(record_class=CLASS, result=RESTRICTED, count=1, since=now)]


def _older(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    end = _end(before)
    old = [each.at for each in register.listing(manifest.folder()) if each.at < end]
    return len(old), min(old, default=None)


def _drop(cur: Cursor, before: datetime, limit: int) -> int:
    return register.forget(manifest.folder(), _end(before))


def _end(before: datetime) -> datetime:
    """A backup that is kept for longer needs them for as long."""
    return min([before, *map(manifest.made_at, manifest.every(manifest.folder())[:1])])


ROOM = Room(name="backup", export=export, erase=erase, ageing=[Ageing(record_class=CLASS, older=_older, drop=_drop)])
