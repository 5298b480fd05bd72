"""Which faults come when: drawn from the seed before anything starts, so that the same seed brings the same faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

QUIET_SECONDS = 5.0  # at the beginning, so that there is something to break
MEAN_PAUSE = 3.0
Details = dict[str, float | str]


class Fault(NamedTuple):
    """`at` is in seconds since the traffic began; `seconds` in its details says how long it lasts."""

    at: float
    kind: str
    details: Details

    def __str__(self) -> str:
        told = " ".join(f"{name}={value}" for name, value in self.details.items())
        return f"{self.at:7.1f} s  {self.kind} {told}".rstrip()


def _nothing(_: Random) -> Details:
    return {}


def _lasting(least: float, most: float) -> Callable[[Random], Details]:
    return lambda random: {"seconds": round(random.uniform(least, most), 1)}


def _dice(random: Random) -> Details:
    """Which of several processes it hits."""
    return {"dice": round(random.random(), 3)}


def _smtp(random: Random) -> Details:
    modes = ("stall", "stall_lost", "slow", "busy", "drop_before", "drop_kept", "drop_lost", "refuse")
    return {"mode": random.choice(modes), "seconds": round(random.uniform(3, 15), 1)}


def _ahead(random: Random) -> Details:
    return {"hours": random.choice((1, 2, 3, 5, 8, 13, 24))}


def _back(random: Random) -> Details:
    return {"minutes": random.choice((1, 5, 20))}


FAULTS: dict[str, tuple[int, Callable[[Random], Details]]] = {
    "kill_worker": (12, _dice),
    "kill_web": (5, _dice),
    "kill_planner": (1, _nothing),
    "kill_supervisor": (2, _nothing),
    "end_worker": (2, _dice),
    "freeze_worker": (2, lambda random: {**_dice(random), **_lasting(1, 6)(random)}),
    "kill_backend": (3, _dice),
    "kill_postgres": (3, _nothing),
    "restart_postgres": (3, _nothing),
    "database_gone": (2, _lasting(2, 8)),
    "disk_full": (2, _lasting(2, 8)),
    "smtp": (10, _smtp),
    "clock_ahead": (14, _ahead),
    "clock_back": (1, _back),
}


def plan(seed: int, seconds: float) -> Iterator[Fault]:
    """Each kind comes at least once where there is time for it; then by weight."""
    random = Random(seed)
    kinds = list(FAULTS)
    first = random.sample(kinds, len(kinds))
    at = QUIET_SECONDS
    while at < seconds:
        kind = first.pop() if first else random.choices(kinds, [weight for weight, _ in FAULTS.values()])[0]
        yield Fault(round(at, 1), kind, FAULTS[kind][1](random))
        at += random.expovariate(1 / MEAN_PAUSE)
