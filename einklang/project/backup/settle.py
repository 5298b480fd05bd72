"""Brings a restored database into the present, as a process of its own: what was promised since is kept, what was due
since has happened, and nothing leaves that may have left already."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import django
import orjson

from einklang.core.errors import EinklangError
from einklang.project.backup.errors import Failed
from einklang.services.privacy.promises import Promise


@dataclass(frozen=True, slots=True)
class Settled:
    """How many messages are uncertain or held, erasures and endings that were kept, and where the log goes on."""

    position: int
    uncertain: int
    held: int
    erased: int
    ended: int


def in_a_process(promises: Sequence[Promise], *, seen: int, backup: str) -> Settled:
    """On the database and the home that the environment names."""
    work = {"seen": seen, "backup": backup, "promises": [asdict(each) for each in promises]}
    done = subprocess.run([sys.executable, "-m", __name__], input=orjson.dumps(work), capture_output=True)
    if done.returncode:
        raise Failed(f"The restored database could not be brought up to date: {done.stderr.decode().strip()}")
    return Settled(**orjson.loads(done.stdout))


def settle(promises: Sequence[Promise], *, seen: int, backup: str) -> Settled:
    from django.db import transaction

    from einklang import flow
    from einklang.core import clock
    from einklang.core.connection import cursor
    from einklang.facts.audit import trail
    from einklang.loop.gate import queue, restored
    from einklang.loop.interactions import positions
    from einklang.services.privacy import promises as room

    cur = cursor()
    now = clock.now(cur)
    with transaction.atomic():
        position = positions.move_ahead(cur, seen)
        uncertain = restored.doubt_leaving(cur, now)
    with transaction.atomic():
        erased, ended = room.keep(cur, promises, now)
    flow.catch_up()
    with transaction.atomic():
        uncertain += restored.doubt_due(cur, clock.now(cur))
        settled = Settled(position, uncertain, queue.counts(cur).get("held", 0), erased, ended)
        told = trail.Act(act="house.restored", object=f"backup:{backup}", who=None, new=asdict(settled), source="cli")
        trail.write(cur, [told], now)
    return settled


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    django.setup()
    work = orjson.loads(sys.stdin.buffer.read())
    promises = [Promise.told(each) for each in work["promises"]]
    try:
        settled = settle(promises, seen=work["seen"], backup=work["backup"])
    except EinklangError as refusal:
        sys.exit(str(refusal))
    sys.stdout.write(orjson.dumps(asdict(settled)).decode())


if __name__ == "__main__":
    main()
