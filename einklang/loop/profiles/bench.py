"""Floor of the profiles: entries folded per second while 16 writers write, many of them about the same few people."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core import clock, ids
from einklang.core.pg import Connection, connect
from einklang.loop.interactions import consumers, log, make
from einklang.loop.interactions import lanes as sharing
from einklang.loop.interactions.types import Interaction
from einklang.loop.profiles import read
from einklang.loop.profiles.consumer import CONSUMER

Measured = tuple[str, float, str, float | None]  # bench, value, unit, limit

WRITERS = 16
BATCHES = 125
BATCH = 20
RANGES = 4
READY = b"ready\n"
FEW = 8
MANY = 2000
SHARE_OF_FEW = 0.5
LIMIT = 1000
TOPICS = ("herzinsuffizienz", "lipide", "rhythmus", "niere", "diabetes")


def profiles(url: str) -> list[Measured]:
    """The limit is reading the same entries without folding them."""
    with connect(url) as db:
        now = clock.now(db.cursor())
        db.commit()
        started = time.perf_counter()
        writers = subprocess.Popen([sys.executable, "-m", "einklang.loop.profiles.bench", url])
        _follow(db, now, writers)
        seconds = time.perf_counter() - started
        written = _counts(db)
        folded = read.profiles(db.cursor(), written)
        lost = sum(abs(number - folded[person].counts["content.viewed"]) for person, number in written.items())
        total = sum(written.values())
        return [
            ("profiles", *_folding_alone(db, now, total)),
            ("profiles.lost", lost + abs(WRITERS * BATCHES * BATCH - total), "entries", None),
            ("profiles.while_written", total / seconds, "entries/s", None),
        ]


def lanes(url: str) -> list[Measured]:
    """The same entries by several workers and by one, which is the limit: how much sharing the lanes gains."""
    with connect(url) as db:
        now = clock.now(db.cursor())
        db.commit()
        write_all(url)
        written = _counts(db)
        alone = _worked(url, db, now, ranges=1, workers=1)
        shared = _worked(url, db, now, ranges=RANGES, workers=RANGES)
        folded = read.profiles(db.cursor(), written)
        lost = sum(abs(number - folded[person].counts["content.viewed"]) for person, number in written.items())
        total = sum(written.values())
    return [
        ("lanes", total / shared, "entries/s", total / alone),
        ("lanes.workers", RANGES, "workers", None),
        ("lanes.lost_or_doubled", lost, "entries", None),
    ]


def _worked(url: str, db: Connection, now: datetime, *, ranges: int, workers: int) -> float:
    """Seconds for all of it from the beginning. Of several workers one dies on the way and one more comes instead."""
    db.execute("TRUNCATE profiles_profile")
    sharing.split(db.cursor(), CONSUMER, ranges, now)
    consumers.rewind(db.cursor(), CONSUMER.name, now)
    db.commit()
    head = log.safe_position(db.cursor())
    hands = [_hand(url, head) for _ in range(workers)]
    late = [_hand(url, head)] if workers > 1 else []
    started = time.perf_counter()
    _begin(hands)
    if late:
        _until(db, head // 2)
        _begin(late)
        hands[0].kill()
    _until(db, head)
    seconds = time.perf_counter() - started
    for hand in (*hands, *late):
        hand.communicate()
    return seconds


def _hand(url: str, head: int) -> subprocess.Popen[bytes]:
    """A process that is ready to work and waits for the word."""
    command = [sys.executable, "-m", "einklang.loop.profiles.bench", url, str(head)]
    hand = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert hand.stdout
    assert hand.stdout.readline() == READY
    return hand


def _begin(hands: list[subprocess.Popen[bytes]]) -> None:
    for hand in hands:
        assert hand.stdin
        hand.stdin.write(b"\n")
        hand.stdin.flush()


def _until(db: Connection, pos: int) -> None:
    while consumers.checkpoint(db.cursor(), CONSUMER.name) < pos:
        db.commit()
        time.sleep(0.005)
    db.commit()


def work(url: str, head: int) -> None:
    """One of several workers, until all has been read."""
    with connect(url) as db:
        now = clock.now(db.cursor())
        db.commit()
        sys.stdout.buffer.write(READY)
        sys.stdout.flush()
        sys.stdin.readline()
        while consumers.checkpoint(db.cursor(), CONSUMER.name) < head:
            consumers.advance(db.cursor(), CONSUMER, now, LIMIT)
            db.commit()


def write_all(url: str) -> None:
    """All writers, each with a connection of its own; a process apart from the consumer."""
    people = [ids.new() for _ in range(FEW + MANY)]
    writers = [threading.Thread(target=_write, args=(url, people, number)) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()


def _write(url: str, people: list[UUID], number: int) -> None:
    chance = random.Random(number)  # noqa: S311
    with connect(url) as db:
        for _ in range(BATCHES):
            now = clock.now(db.cursor())
            log.record(db.cursor(), [_event(chance, people, now) for _ in range(BATCH)])
            db.commit()


def _event(chance: random.Random, people: list[UUID], now: datetime) -> Interaction:
    person = chance.choice(people[:FEW] if chance.random() < SHARE_OF_FEW else people)
    topic = chance.choice(TOPICS)
    properties = {"content_slug": f"zu-{topic}", "topics": [topic], "title": topic}
    at = now - timedelta(minutes=chance.uniform(0, 40_000))
    return make.interaction("content.viewed", now=now, occurred_at=at, person=person, properties=properties)


def _follow(db: Connection, now: datetime, writers: subprocess.Popen[bytes]) -> None:
    busy = True
    while busy:
        busy = writers.poll() is None
        while consumers.advance(db.cursor(), CONSUMER, now, LIMIT):
            db.commit()
        db.commit()
        time.sleep(0.001)
    assert writers.returncode == 0, "a writer failed"


def _counts(db: Connection) -> dict[UUID, int]:
    entries = log.read(db.cursor(), after=0, limit=10**9)
    found: dict[UUID, int] = {}
    for entry in entries:
        assert entry.person is not None
        found[entry.person] = found.get(entry.person, 0) + 1
    return found


def _folding_alone(db: Connection, now: datetime, total: int) -> tuple[float, str, float]:
    """All of it again from the beginning: value, unit, limit."""
    db.execute("TRUNCATE profiles_profile")
    consumers.rewind(db.cursor(), CONSUMER.name, now)
    db.commit()
    started = time.perf_counter()
    while consumers.advance(db.cursor(), CONSUMER, now, LIMIT):
        db.commit()
    folded = total / (time.perf_counter() - started)
    started = time.perf_counter()
    after = 0
    while entries := log.read(db.cursor(), after=after, limit=LIMIT):
        after = entries[-1].pos
        db.commit()
    return folded, "entries/s", total / (time.perf_counter() - started)


if __name__ == "__main__":
    write_all(sys.argv[1]) if len(sys.argv) == 2 else work(sys.argv[1], int(sys.argv[2]))
