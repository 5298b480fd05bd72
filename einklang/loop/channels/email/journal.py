"""What this process was about to send and what it heard, on disk before and after each mail.

A mail server cannot be asked afterwards. A process that is killed loses its memory but not what it wrote: of a batch
that broke off only the one mail that was just leaving is unknown, and not the hundred that waited behind it. Nothing is
believed of a process that may still go on (it holds the file's lock), nor after a restart of the machine, when the last
lines may never have reached the disk.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import UUID

from einklang.core import clock, ids
from einklang.loop.channels.contract import Fate, Outcome, Outgoing

BOOT = Path("/proc/sys/kernel/random/boot_id")
KEPT_SECONDS = 2 * 86_400
WAITS, LEAVES, SENT, NOT_SENT = "waits", "leaves", "sent", "not_sent"
FATES: dict[str, Fate] = {WAITS: "not_sent", LEAVES: "unknown", SENT: "sent", NOT_SENT: "not_sent"}
HEARD: dict[Outcome, str] = {"sent": SENT, "delivered": SENT, "failed": NOT_SENT, "deferred": NOT_SENT}


class Journal:
    """The lines of one batch; the one before it is settled when the next begins."""

    def __init__(self, folder: Path, messages: Sequence[Outgoing]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _tidy(folder)
        self._file = os.open(folder / f"{_process()}.log", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            os.ftruncate(self._file, 0)
            self._whole = True
            self._write([f"boot {_boot()}", *(_line(WAITS, each) for each in messages)])
        except OSError:
            self.close()
            raise

    def leaves(self, message: Outgoing) -> None:
        """Raises `OSError` where it cannot be written down: then the mail must not leave."""
        self._write([_line(LEAVES, message)])

    def heard(self, message: Outgoing, outcome: Outcome) -> None:
        if outcome in HEARD:
            with suppress(OSError):  # it stays unknown here; its receipt is known
                self._write([_line(HEARD[outcome], message)])

    def close(self) -> None:
        os.close(self._file)

    def _write(self, lines: Iterable[str]) -> None:
        """A line of which only a part was written would swallow the next one: then there is none."""
        told = "".join(f"{line}\n" for line in lines).encode()
        if not self._whole:
            raise OSError(errno.ENOSPC, "the journal of the mails is broken off")
        self._whole = False
        if os.write(self._file, told) < len(told):
            raise OSError(errno.ENOSPC, "no room for the journal of the mails")
        self._whole = True


def fates(folder: Path, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
    """By the claim under which each was to be sent: what an earlier claim wrote says nothing about this one."""
    written = dict(_written(folder))
    return {each.id: FATES[written.get((each.claim, str(each.id)), LEAVES)] for each in messages}


def _written(folder: Path) -> Iterator[tuple[tuple[str, str], str]]:
    for file in folder.glob("*.log"):
        with suppress(FileNotFoundError, BlockingIOError), file.open() as lines:
            fcntl.flock(lines, fcntl.LOCK_SH | fcntl.LOCK_NB)
            if next(lines, "").strip() == f"boot {_boot()}":
                whole = (line.split() for line in lines if line.endswith("\n"))
                yield from (((claim, id_), state) for state, claim, id_ in whole)


def _tidy(folder: Path) -> None:
    """What was left by processes of other days is settled long since."""
    before = clock.real_now().timestamp() - KEPT_SECONDS
    for file in folder.glob("*.log"):
        with suppress(FileNotFoundError):
            if file.stat().st_mtime < before:
                file.unlink()


@cache
def _process() -> str:
    """Not its number, which another container may have as well."""
    return str(ids.new())


def _line(state: str, message: Outgoing) -> str:
    return f"{state} {message.claim or '-'} {message.id}"


def _boot() -> str:
    """Where there is none nothing is believed later."""
    return BOOT.read_text().strip() if BOOT.exists() else str(os.getpid())
