"""What Prometheus reads: what stands in the database at this moment, and what each process counted (`watch.tally`).

No label names a person, a mail or a page: they are words of the house, and few.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from importlib.metadata import version
from typing import get_args

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from einklang.core import clock
from einklang.core.pg import Cursor
from einklang.loop.decide.journeys import wake
from einklang.loop.gate import census, pace, queue, rests
from einklang.loop.interactions import consumers, partitions
from einklang.planning import jobs
from einklang.project import chores, heartbeat
from einklang.watch.tally import PLACE

CONTENT_TYPE = CONTENT_TYPE_LATEST
JOB_STATES = ("waiting", "running")
SIZE = "SELECT pg_database_size(current_database())"

Look = Callable[[Cursor, datetime, datetime], Iterator[Gauge]]


def page(cur: Cursor) -> bytes:
    registry = CollectorRegistry()
    if os.environ.get(PLACE):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Standing(cur))
    return generate_latest(registry)


class Standing(Collector):
    """Read once a scrape, in a fixed number of queries."""

    def __init__(self, cur: Cursor) -> None:
        self.cur = cur

    def describe(self) -> Iterable[Gauge]:
        return ()

    def collect(self) -> Iterator[Gauge]:
        now, real = clock.now(self.cur), clock.real_now()
        for look in LOOKS:
            yield from look(self.cur, now, real)


def _house(cur: Cursor, now: datetime, real: datetime) -> Iterator[Gauge]:
    yield _by("einklang_build_info", "The version that answers.", "version", {version("einklang"): 1})
    yield Gauge("einklang_workers", "Workers seen in the last minute.", len(heartbeat.living(cur, real)))
    size = cur.execute(SIZE).fetchone()
    yield Gauge("einklang_database_bytes", "The whole database on disk.", size[0] if size else 0)
    runs = {name: at.timestamp() for name, at in chores.last(cur).items()}
    yield _by("einklang_chore_last_run_timestamp_seconds", "When a chore of the house was last begun.", "chore", runs)


def _log(cur: Cursor, now: datetime, real: datetime) -> Iterator[Gauge]:
    lags = consumers.lag(cur, now)
    entries, seconds = {lag.name: lag.behind for lag in lags}, {lag.name: lag.seconds for lag in lags}
    yield _by("einklang_consumer_lag_entries", "Entries of the log not yet read.", "consumer", entries)
    yield _by("einklang_consumer_lag_seconds", "Age of the oldest of them.", "consumer", seconds)
    held = any(lag.blocking_pid for lag in lags)
    yield Gauge("einklang_log_writer_open", "1 while a writer's transaction holds readers back.", int(held))
    ahead = partitions.ahead(cur, now)
    yield Gauge("einklang_log_partitions_ahead", "Months to come that can take entries.", ahead)


def _messages(cur: Cursor, now: datetime, real: datetime) -> Iterator[Gauge]:
    seen = census.look(cur)
    states = {state: seen.states.get(state, 0) for state in get_args(queue.State)}
    yield _by("einklang_messages", "Messages by state; what is uncertain waits for people.", "state", states)
    counted = (real - seen.at).total_seconds() if seen.at else 0.0
    yield Gauge("einklang_messages_counted_seconds_ago", "How old these figures are where there are many.", counted)
    age = _age(queue.oldest_due(cur), now)
    yield Gauge("einklang_outbox_oldest_due_seconds", "How long the next message has been due.", age)


def _channels(cur: Cursor, now: datetime, real: datetime) -> Iterator[Gauge]:
    resting = {pace.CHANNEL: 0} | {rest.channel: 1 for rest in rests.resting(cur)}
    yield _by(
        "einklang_channel_resting", "1 while a channel rests because its way out is at fault.", "channel", resting
    )


def _timers(cur: Cursor, now: datetime, real: datetime) -> Iterator[Gauge]:
    number, age = wake.waiting(cur, now), _age(wake.next_due(cur), now)
    yield Gauge("einklang_timers_due", f"People to wake; {wake.COUNTED} stands for more.", number)
    yield Gauge("einklang_timers_oldest_due_seconds", "How long the next of them has been due.", age)


def _planner(cur: Cursor, now: datetime, real: datetime) -> Iterator[Gauge]:
    counted = jobs.counts(cur)
    states = {state: counted.get(state, 0) for state in JOB_STATES}
    yield _by("einklang_planner_jobs", "Results and rehearsals asked for.", "state", states)


LOOKS: tuple[Look, ...] = (_house, _log, _messages, _channels, _timers, _planner)


def _by(name: str, told: str, label: str, values: dict[str, float] | dict[str, int]) -> Gauge:
    family = Gauge(name, told, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _age(due: datetime | None, now: datetime) -> float:
    return max(0.0, (now - due).total_seconds()) if due else 0.0
