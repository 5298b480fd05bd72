"""The worker: turns the loop while there is something to do, and sleeps until the database calls."""

from __future__ import annotations

import gc
import logging
import math
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import django
import psycopg
from django.db import Error, connection

from einklang.core import settings
from einklang.core.pg import Connection, connect

CALLS = ("log", "clock", "outbox")
LONGEST_SLEEP = 1.0
PAUSE_WITHOUT_DATABASE = 0.5
RECOVER_EVERY = 15.0
PULSE_EVERY = 60.0
KEEP_HOUSE_EVERY = 3600.0
FORGET_EVERY = 86_400.0

log = logging.getLogger("einklang.worker")


class Stop(BaseException):
    """Somebody asked the worker to end; the open transaction rolls back."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    django.setup()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, _stop)
    with suppress(Stop):
        while True:
            try:
                _work()
            except (Error, psycopg.Error) as lost:
                log.warning("The database is out of reach (%s); trying again.", type(lost).__name__)
                connection.close()
                time.sleep(PAUSE_WITHOUT_DATABASE)


def _work() -> None:
    from einklang import flow
    from einklang.project.adapters import adapters

    ways_out = adapters()
    gc.freeze()  # what was imported lives as long as the worker: no need to look at it again and again
    recovered = felt = kept = forgot = -math.inf
    with _calls() as calls:
        while True:
            if time.monotonic() - recovered > RECOVER_EVERY:
                flow.recover(ways_out)
                recovered = time.monotonic()
            if time.monotonic() - felt > PULSE_EVERY:
                flow.feel_pulse()
                felt = time.monotonic()
            if time.monotonic() - kept > KEEP_HOUSE_EVERY:
                flow.keep_house()
                flow.check_sender()
                kept = time.monotonic()
            if time.monotonic() - forgot > FORGET_EVERY:
                forgetting, forgot = flow.forget(), time.monotonic()
            if not flow.turn(ways_out) and next(forgetting, None) is None:
                _sleep(calls, flow.seconds_to_next())


@contextmanager
def _calls() -> Iterator[Connection]:
    url = settings.get().database_url
    assert url, "the supervisor hands the worker its database"
    with connect(url, autocommit=True, application="einklang worker calls") as calls:
        for call in CALLS:
            calls.execute(f"LISTEN {call}")
        yield calls


def _sleep(calls: Connection, at_most: float | None) -> None:
    """Until the database calls or a timer is due. What waits in the outbox is looked after every second."""
    seconds = LONGEST_SLEEP if at_most is None else min(LONGEST_SLEEP, max(at_most, 0.0))
    for _ in calls.notifies(timeout=seconds, stop_after=1):
        pass


def _stop(*_: object) -> None:
    raise Stop


if __name__ == "__main__":
    main()
