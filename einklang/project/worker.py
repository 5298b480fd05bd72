"""The worker: turns the loop while there is something to do, and sleeps until the database calls.

Several of them share the work, as many as are started; the number that `einklang up` starts is given to each, so that
there are at least as many ranges of lanes.
"""

from __future__ import annotations

import gc
import logging
import math
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from uuid import UUID

import django
import psycopg
from django.db import Error, connection, transaction

from einklang.core import clock, settings
from einklang.core.connection import cursor
from einklang.core.pg import Connection, connect
from einklang.loop.decide.journeys import enrolments
from einklang.project import chores, heartbeat
from einklang.project.backup import manifest, register
from einklang.project.stations import Outage, Station
from einklang.watch import lines, trace

CALLS = ("log", "clock", "outbox")
LONGEST_SLEEP = 1.0
PAUSE_WITHOUT_DATABASE = 0.5
LOOK_EVERY = 15.0  # for what is done once in a while

log = logging.getLogger("einklang.worker")


@dataclass
class Stop(BaseException):
    """Somebody asked the worker to end. It does so after the batch it is at; where it sleeps, at once."""

    asked: bool = False
    asleep: bool = False

    def ask(self, *_: object) -> None:
        self.asked = True
        if self.asleep:
            raise self


def main(workers: int = 1) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    django.setup()
    trace.begin("worker", _began)
    stop = Stop()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, stop.ask)
    while not stop.asked:
        try:
            _work(stop, workers)
        except Stop:
            break
        except (Outage, Error, psycopg.Error) as lost:
            log.warning("The database is out of reach (%s); trying again.", type(lost.__cause__ or lost).__name__)
            connection.close()
            time.sleep(PAUSE_WITHOUT_DATABASE)
    stop.asleep = False
    with suppress(Error, psycopg.Error):
        heartbeat.end(cursor())


def _work(stop: Stop, workers: int) -> None:
    from einklang import flow
    from einklang.project.adapters import adapters
    from einklang.project.planning import Planner

    ways_out = adapters()
    gc.freeze()  # what was imported lives as long as the worker: no need to look at it again and again
    forgetting = Forgetting(flow.forget)
    forget = Station("forget", forgetting.step)
    stations = [Station(name, act) for name, act in flow.stations(ways_out).items()]
    stations.append(Station("planner", Planner().look))
    rounds = [
        Station("beat", _beat),
        Station("recover", lambda: flow.recover(ways_out)),
        Station("pulse", _once("pulse", flow.feel_pulse)),
        Station("census", _once("census", flow.count_messages)),
        Station("house", _once("house", flow.keep_house)),
        Station("sender", _once("sender", flow.check_sender)),
        Station("promises", _once("promises", _write_promises)),
        Station("forget", _once("forget", forgetting.begin)),
    ]
    looked = -math.inf
    with _calls() as calls:
        flow.make_room(workers)
        while not stop.asked:
            if time.monotonic() - looked > LOOK_EVERY:
                looked = time.monotonic()
                for each in rounds:
                    each.run()
            if not sum(station.run() for station in stations) and not forget.run():
                _sleep(calls, flow.seconds_to_next(), stop)


def _began(things: Collection[UUID]) -> Mapping[UUID, UUID]:
    """For the traces of what has happened already: without the answer they are in two pieces."""
    with suppress(Error, psycopg.Error):
        return enrolments.began(cursor(), things)
    return {}


def _beat() -> int:
    heartbeat.beat(cursor(), clock.real_now())
    return 1


def _once(name: str, act: Callable[[], object]) -> Callable[[], int]:
    """Done by one worker for all, as often as `chores` says."""

    def do() -> int:
        with transaction.atomic():
            mine = chores.claim(cursor(), name, chores.EVERY[name], clock.real_now())
        if mine:
            act()
        return int(mine)

    return do


def _write_promises() -> None:
    """What people ended, beside the backups."""
    register.write_on(cursor(), manifest.folder())


@dataclass
class Forgetting:
    """What was kept long enough goes chunk by chunk, whenever there is nothing else to do."""

    chunks: Callable[[], Iterator[object]]
    left: Iterator[object] | None = None

    def begin(self) -> None:
        self.left = self.chunks()

    def step(self) -> int:
        return int(self.left is not None and next(self.left, None) is not None)


@contextmanager
def _calls() -> Iterator[Connection]:
    url = settings.get().database_url
    assert url, "the supervisor hands the worker its database"
    with connect(url, autocommit=True, application="einklang worker calls") as calls:
        for call in CALLS:
            calls.execute(f"LISTEN {call}")
        yield calls


def _sleep(calls: Connection, at_most: float | None, stop: Stop) -> None:
    """Until the database calls or a timer is due. What waits in the outbox is looked after every second."""
    seconds = LONGEST_SLEEP if at_most is None else min(LONGEST_SLEEP, max(at_most, 0.0))
    stop.asleep = True
    if not stop.asked:
        for _ in calls.notifies(timeout=seconds, stop_after=1):
            pass
    stop.asleep = False


if __name__ == "__main__":
    lines.catch()
    main(*map(int, sys.argv[1:]))
