"""Who still lives among those that were sending.

A worker holds the lock of a file of its own in the home as long as it lives; the kernel lets go of it, however it ends.
Neither its number nor the name of its machine says anything: two containers may share both. Whose file is not here runs
elsewhere, or in a home that is gone, and is given time.
"""

from __future__ import annotations

import fcntl
import os
import socket
from contextlib import suppress
from functools import cache
from pathlib import Path

from einklang.core import clock, ids, settings

FOLDER = "workers"
KEPT_SECONDS = 2 * 86_400


def own_name() -> str:
    """The machine's name is for people."""
    return _begin(os.getpid(), settings.get().home / FOLDER)


def is_dead(name: str) -> bool:
    """Only where it can be said for certain."""
    try:
        with _place(settings.get().home / FOLDER, name).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (FileNotFoundError, BlockingIOError):
        return False
    return True


@cache
def _begin(_pid: int, folder: Path) -> str:
    """Held until the process ends: nobody closes the file."""
    folder.mkdir(parents=True, exist_ok=True)
    _tidy(folder)
    name = f"{socket.gethostname()}/{ids.new()}"
    fcntl.flock(os.open(_place(folder, name), os.O_WRONLY | os.O_CREAT, 0o600), fcntl.LOCK_EX)
    return name


def _tidy(folder: Path) -> None:
    """What the dead of other days were sending is settled long since."""
    before = clock.real_now().timestamp() - KEPT_SECONDS
    for place in folder.glob("*.lock"):
        with suppress(FileNotFoundError, BlockingIOError), place.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if place.stat().st_mtime < before:
                place.unlink()


def _place(folder: Path, name: str) -> Path:
    return folder / f"{name.rpartition('/')[2]}.lock"
