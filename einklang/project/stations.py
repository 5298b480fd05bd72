"""A station of the loop as the worker runs it: where it fails, the others go on."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
from django.db import Error, connection

from einklang.core.errors import EinklangError
from einklang.facts.people.errors import LockError
from einklang.watch import tally, trace

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
TRODDEN = (LockError, psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable)
TOO_LONG = (psycopg.errors.TransactionTimeout, psycopg.errors.QueryCanceled)

log = logging.getLogger("einklang.worker")


class Outage(Exception):
    """The database went away."""


@dataclass
class Station:
    """`act` does a batch and says how much that was. What it began rolls back where it fails."""

    name: str
    act: Callable[[], int]
    due: float = 0.0
    pause: float = 0.0

    def run(self) -> int:
        """How much was done; 0 too while it rests after a failure, twice as long after each."""
        if time.monotonic() < self.due:
            return 0
        began = time.monotonic()
        try:
            with trace.turn(self.name) as turn:
                done = self.act()
                if turn:
                    turn.items = done
        except (Error, psycopg.Error, EinklangError, OSError) as problem:  # OSError: a full disk, say
            return self._failed(problem, time.monotonic() - began)
        self.pause = 0.0
        tally.turn(self.name, done, time.monotonic() - began)
        return done

    def _failed(self, problem: Exception, seconds: float) -> int:
        cause = problem.__cause__ if isinstance(problem, Error) and problem.__cause__ else problem
        if isinstance(cause, TRODDEN):  # somebody else was at the same person: once more, at once
            return 1
        if _is_gone() and not isinstance(cause, TOO_LONG):
            raise Outage from problem
        tally.turn(self.name, 0, seconds, failed=True)
        connection.close()
        self.pause = min(max(FIRST_PAUSE, 2 * self.pause), LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause
        log.error("%s failed and rests for %d s", self.name, self.pause, exc_info=problem)
        return 0


def _is_gone() -> bool:
    return connection.connection is None or connection.connection.closed
