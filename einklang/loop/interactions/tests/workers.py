"""What writers and readers of the tests do, in threads and in processes that are killed."""

from __future__ import annotations

import random
import sys
import threading
from datetime import UTC, datetime

from einklang.core.pg import Connection, Cursor, connect
from einklang.loop.interactions import consumers, log, make
from einklang.loop.interactions.consumers import Consumer
from einklang.loop.interactions.types import Entry, Interaction

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)


def copies(cur: Cursor, entries: list[Entry], now: datetime) -> None:
    """An effect that shows what was read: a row for every entry."""
    cur.executemany("INSERT INTO copy_of_log VALUES (%s, %s)", [(entry.pos, entry.source_id) for entry in entries])


COPIES = Consumer("copies", copies)


def events(label: str, number: int) -> list[Interaction]:
    return [make.interaction("custom.x", now=NOW, source=label, source_id=f"{label}-{each}") for each in range(number)]


def drain(db: Connection, limit: int = 50) -> None:
    while consumers.advance(db.cursor(), COPIES, NOW, limit):
        db.commit()
    db.commit()


def write(url: str, label: str, rounds: int) -> None:
    """Transactions of several batches, held open for a moment, every fifth rolled back."""
    chance = random.Random(label)
    with connect(url) as db:
        for round_ in range(rounds):
            for part in range(chance.randint(1, 3)):
                log.record(db.cursor(), events(f"{label}-{round_}-{part}", chance.randint(1, 5)))
            threading.Event().wait(chance.choice((0, 0, 0.001, 0.02)))
            if chance.random() < 0.2:
                db.rollback()
            else:
                db.commit()


def until_killed(kind: str, url: str, label: str) -> None:
    sys.stdout.write("at work\n")
    sys.stdout.flush()
    if kind == "write":
        write(url, label, sys.maxsize)
    with connect(url) as db:
        while True:
            drain(db, limit=7)


if __name__ == "__main__":
    until_killed(*sys.argv[1:])
