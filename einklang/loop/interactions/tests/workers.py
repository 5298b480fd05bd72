"""What writers and readers of the tests do, in threads and in processes that are killed."""

from __future__ import annotations

import random
import sys
import threading
from datetime import UTC, datetime
from itertools import count

from einklang.core import ids
from einklang.core.pg import Connection, Cursor, connect
from einklang.loop.interactions import anonymous, consumers, log, make
from einklang.loop.interactions.consumers import Consumer
from einklang.loop.interactions.types import Entry, Interaction

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)


def copies(cur: Cursor, entries: list[Entry], now: datetime) -> None:
    """An effect that shows what was read: a row for every entry."""
    cur.executemany("INSERT INTO copy_of_log VALUES (%s, %s)", [(entry.pos, entry.source_id) for entry in entries])


COPIES = Consumer("copies", copies)


def turns(cur: Cursor, entries: list[Entry], now: datetime) -> None:
    """An effect that shows in which order: who somebody is known to be at that place of the log, and one turn more."""
    known = log.recognised(cur, {each.anonymous for each in entries if each.person is None and each.anonymous})
    for each in entries:
        person, since = known.get(each.anonymous or "", (None, 0))
        who = each.person or (person if since < each.pos else None) or each.anonymous
        cur.execute("INSERT INTO turn (pos, who) VALUES (%s, %s)", (each.pos, str(who)))


TURNS = Consumer("turns", turns)
AFTER = Consumer("after", lambda cur, entries, now: None, follows="turns")


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
    if kind == "meet":
        meet(url, label)
    with connect(url) as db:
        while True:
            drain(db, limit=7) if kind == "read" else take_turns(db)


def take_turns(db: Connection) -> int:
    """A small batch of each consumer that shares its lanes."""
    read = 0
    for consumer in (TURNS, AFTER):
        read += consumers.advance(db.cursor(), consumer, NOW, limit=5)
        db.commit()
    return read


def meet(url: str, label: str) -> None:
    """Persons and browsers of which some are recognised, in short transactions, without end."""
    chance = random.Random(label)
    people = [ids.new() for _ in range(6)]
    with connect(url) as db:
        for number in count():
            browser = f"{label}-{chance.randint(0, 9)}-{number // 200}"
            match chance.randint(0, 5):
                case 0:
                    anonymous.rejoin(db.cursor(), browser, chance.choice(people), NOW)
                case 1 | 2:
                    log.record(db.cursor(), [make.interaction("custom.x", now=NOW, anonymous=browser)])
                case _:
                    who = chance.choice(people)
                    log.record(db.cursor(), [make.interaction("custom.x", now=NOW, person=who) for _ in range(2)])
            db.commit()


if __name__ == "__main__":
    until_killed(*sys.argv[1:])
