"""What each process of `einklang up` counts. Where nobody collects (no PROMETHEUS_MULTIPROC_DIR) nothing is loaded and
nothing counted; what stands in the database is not counted here but read when it is asked for (`project.metrics`).

Labels are words of the house, never somebody's id.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

PLACE = "PROMETHEUS_MULTIPROC_DIR"
ROOM = 1 << 18  # bytes of a process's file; the few labels of the house fill a tenth
NAMES = (
    "einklang_http_requests",
    "einklang_http_request_seconds",
    "einklang_intake_events",
    "einklang_station_turns",
    "einklang_station_items",
    "einklang_station_turn_seconds",
)
ANSWERS = (0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10)
BATCHES = (0.01, 0.05, 0.2, 0.5, 1, 2, 5, 10)


class Meters(NamedTuple):
    requests: Counter
    waited: Histogram
    events: Counter
    turns: Counter
    items: Counter
    worked: Histogram


def request(side: str, status: int, seconds: float | None) -> None:
    """`seconds` is None for a stream, which lasts as long as somebody listens."""
    if meters := _meters():
        meters.requests.labels(side, f"{status // 100}xx").inc()
        if seconds is not None:
            meters.waited.labels(side).observe(seconds)


def events(accepted: int, refused: int) -> None:
    if meters := _meters():
        meters.events.labels("accepted").inc(accepted)
        meters.events.labels("refused").inc(refused)


def turn(station: str, done: int, seconds: float, *, failed: bool = False) -> None:
    """A station that found nothing to do has not worked."""
    meters = _meters() if done or failed else None
    if meters:
        meters.turns.labels(station, "failed" if failed else "done").inc()
        meters.items.labels(station).inc(done)
        meters.worked.labels(station).observe(seconds)


@cache
def _meters() -> Meters | None:
    if not os.environ.get(PLACE) or not _room(Path(os.environ[PLACE])):
        return None
    from prometheus_client import CollectorRegistry, Counter, Histogram

    own = CollectorRegistry()  # what is shown is summed from all processes' files
    side, answer, station = ("side",), ("answer",), ("station",)
    requests, waited, taken, turns, items, worked = NAMES
    return Meters(
        Counter(requests, "Requests answered.", (*side, "status"), registry=own),
        Histogram(waited, "Until the answer.", side, registry=own, buckets=ANSWERS),
        Counter(taken, "Events that were sent to the intake.", answer, registry=own),
        Counter(turns, "Batches of the loop.", (*station, "outcome"), registry=own),
        Counter(items, "Entries, timers or messages in these batches.", station, registry=own),
        Histogram(worked, "A batch.", station, registry=own, buckets=BATCHES),
    )


def _room(place: Path) -> bool:
    """The library writes through memory into files with holes: where the disk is full, that would kill the process. So
    the files are made whole before, or nothing is counted."""
    for sort in ("counter", "histogram"):
        try:
            with (place / f"{sort}_{os.getpid()}.db").open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, ROOM)
        except OSError:
            return False
    return True
