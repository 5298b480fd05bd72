"""Browser keys are public: where they may be used from, and how much one address may tell."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from urllib.parse import urlsplit

EVENTS_PER_SECOND = 50.0
BURST = 1000.0
ADDRESSES = 10_000


def admits(origin: str | None, host: str, allowed: Iterable[str]) -> bool:
    """Who sends no origin is no browser, and would be stopped by nothing here. Pages of our own host may always."""
    return origin is None or urlsplit(origin).netloc == host or origin in allowed


class Limiter:
    """A token bucket for each key and address; the least recently seen ones are forgotten."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.buckets: OrderedDict[tuple[int, str], tuple[float, float]] = OrderedDict()

    def allows(self, key: int, address: str, events: int, now: float) -> bool:
        """`now` in seconds of a monotonic clock. More events at once than the burst pass when the bucket is full."""
        with self.lock:
            left, since = self.buckets.pop((key, address), (BURST, now))
            left = min(BURST, left + (now - since) * EVENTS_PER_SECOND)
            allowed = left >= min(events, BURST)
            self.buckets[key, address] = (left - events if allowed else left, now)
            if len(self.buckets) > ADDRESSES:
                self.buckets.popitem(last=False)
            return allowed
