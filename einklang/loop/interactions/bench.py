"""Months leave the log and come back while it is written and read: the longest that anybody waits. The limit is a
second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from itertools import cycle
from threading import Event, Thread

from einklang.core import clock, ids
from einklang.core.pg import Connection, connect
from einklang.loop.interactions import consumers, log, make
from einklang.loop.interactions import partitions as months

Measured = tuple[str, float, str, float | None]  # bench, value, unit, limit

ENTRIES = 10_000_000
MONTHS = 12
SECONDS = 20.0
PEOPLE = 100_000
AT_ONCE = 250_000
BATCH = 20
SECOND_MS = 1000
FIRST = datetime(2024, 1, 1, tzinfo=UTC)
READER = "bench"
FILL = """
INSERT INTO interactions_log (id, occurred_at, received_at, kind, channel, initiator, unit, purpose, depth, person,
                              is_machine, properties, source, source_id)
SELECT uuidv7(), moment, moment, 'content.viewed', 'portal', 'customer', 'marketing', 'promotional', 1,
       (%(people)s::uuid[])[1 + number %% cardinality(%(people)s::uuid[])], false,
       '{"content_slug": "bench", "topics": ["herzinsuffizienz"], "title": "Bench"}', 'bench', gen_random_uuid()::text
FROM generate_series(1, %(number)s) AS number,
     LATERAL (SELECT %(since)s::timestamptz + number * interval '2 seconds' AS moment)
"""


def partitions(url: str, *, entries: int = ENTRIES) -> list[Measured]:
    with connect(url, autocommit=True) as db:
        _fill(db, entries)
        now = clock.now(db.cursor())
        waits: list[float] = []
        stop = Event()
        others = [Thread(target=_use, args=(url, stop, waits, act)) for act in (_write, _write, _read)]
        for other in others:
            other.start()
        spent = list(_there_and_back(db, now))
        stop.set()
        for other in others:
            other.join()
    return [
        ("partitions", max(waits) * 1000, "ms", SECOND_MS),
        ("partitions.p99", sorted(waits)[int(len(waits) * 0.99)] * 1000, "ms", None),
        ("partitions.detach", max(spent[::2]), "s", None),
        ("partitions.attach", max(spent[1::2]), "s", None),
        ("partitions.entries", entries, "entries", None),
        ("partitions.meanwhile", len(waits), "transactions", None),
    ]


def _months() -> list[date]:
    return [date(FIRST.year, month, 1) for month in range(1, MONTHS + 1)]


def _fill(db: Connection, entries: int) -> None:
    """Long ago, so that the keys of these events are forgotten already; all of it was read."""
    people = [ids.new() for _ in range(PEOPLE)]
    for month in _months():
        db.execute("SELECT interactions_attach(%s)", (month,))
        since = datetime(month.year, month.month, 1, tzinfo=UTC)
        for start in range(0, entries // MONTHS, AT_ONCE):
            number = min(AT_ONCE, entries // MONTHS - start)
            db.execute(FILL, {"people": people, "number": number, "since": since})
    db.execute("VACUUM ANALYZE")
    consumers.register(db.cursor(), READER, clock.now(db.cursor()))
    db.execute("UPDATE interactions_checkpoint SET pos = %s", (log.safe_position(db.cursor()),))


def _there_and_back(db: Connection, now: datetime) -> Iterator[float]:
    """Seconds of setting a month aside and of taking it back, in turns, month after month."""
    deadline = time.monotonic() + SECONDS
    for month in cycle(_months()):
        if time.monotonic() > deadline:
            return
        started = time.monotonic()
        months.detach(db, month, now)
        aside = time.monotonic()
        months.attach(db, month)
        yield from (aside - started, time.monotonic() - aside)


def _use(url: str, stop: Event, waits: list[float], act: Callable[[Connection], None]) -> None:
    with connect(url) as db:
        while not stop.is_set():
            started = time.perf_counter()
            act(db)
            db.commit()
            waits.append(time.perf_counter() - started)


def _write(db: Connection) -> None:
    now = clock.now(db.cursor())
    log.record(db.cursor(), [make.interaction("custom.bench", now=now, person=ids.new()) for _ in range(BATCH)])


def _read(db: Connection) -> None:
    """The newest, as the consumers do."""
    log.read(db.cursor(), after=log.safe_position(db.cursor()) - 1000, limit=1000)
