"""How the day went, as charts: how far the readers were behind, and how much they read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils import timezone

from einklang.loop.interactions.pulse import Beat
from einklang.ui import numbers
from einklang.ui.components import Chart, Mark, Series
from einklang.ui.text import t

CHARTED = timedelta(hours=24)
STEP = timedelta(minutes=30)
LATE = timedelta(minutes=1)
KEYS = ("", "third", "fourth", "fifth", "quiet")
LEAP = 100_000_000  # positions: a restored log begins that far beyond where it ended


def start(now: datetime) -> datetime:
    return (now - CHARTED).replace(minute=0, second=0, microsecond=0)


def lag(beats: Sequence[Beat]) -> Chart | None:
    """A line needs two points."""
    moments = _moments(beats)
    if len(moments) < 2:
        return None
    worst = max(beats, key=lambda beat: beat.seconds)
    span, at = numbers.span(timedelta(seconds=worst.seconds)), numbers.moment(worst.at)
    de, en = "Am weitesten zurück war {name}: {span} am {at}.", "Furthest behind was {name}: {span} on {at}."
    seconds = {(beat.consumer, beat.at): beat.seconds for beat in beats}
    return Chart(
        id="lag",
        title=t("Rückstand in 24 Stunden", "Lag in 24 hours"),
        finding=t(de, en).format(name=worst.consumer, span=span, at=at),
        axis=t("Zeit", "Time"),
        kind="lines",
        unit="\u00a0s",
        digits=1,
        columns=_columns(moments),
        series=_series(beats, seconds, moments),
        marks=[Mark(name=t("eine Minute", "one minute"), value=LATE.total_seconds())]
        if worst.seconds > LATE.seconds
        else [],
    )


def throughput(beats: Sequence[Beat]) -> Chart | None:
    """Entries a minute, from how far each reader had come half an hour before."""
    moments = _moments(beats)
    pace = _pace(beats, moments)
    if not pace:
        return None
    (name, at), most = max(pace.items(), key=lambda found: found[1])
    de, en = "Am meisten las {name}: {n} je Minute um {at}.", "Most was read by {name}: {n} a minute at {at}."
    return Chart(
        id="throughput",
        title=t("Gelesene Einträge je Minute", "Entries read a minute"),
        finding=t(de, en).format(name=name, n=numbers.number(most, 1), at=_clock(at)),
        axis=t("Zeit", "Time"),
        kind="lines",
        digits=1,
        columns=_columns(moments[1:]),
        series=_series(beats, pace, moments[1:]),
    )


def _pace(beats: Sequence[Beat], moments: Sequence[datetime]) -> dict[tuple[str, datetime], float]:
    """None of a time in which nobody looked, or the log was restored."""
    places = {(beat.consumer, beat.at): beat.pos for beat in beats if beat.pos is not None}
    found = {}
    for before, at in pairwise(moments):
        for name in _names(beats):
            first, last = places.get((name, before)), places.get((name, at))
            if first is not None and last is not None and 0 <= last - first < LEAP:
                found[name, at] = (last - first) / ((at - before) / timedelta(minutes=1))
    return found


def _series(
    beats: Sequence[Beat], values: Mapping[tuple[str, datetime], float], moments: Sequence[datetime]
) -> list[Series]:
    return [
        Series(name=name, values=[values.get((name, at)) for at in moments], key=key)  # type: ignore[arg-type]
        for name, key in zip(_names(beats), KEYS, strict=False)
    ]


def _names(beats: Sequence[Beat]) -> list[str]:
    return sorted({beat.consumer for beat in beats})[: len(KEYS)]


def _moments(beats: Sequence[Beat]) -> list[datetime]:
    return sorted({beat.at for beat in beats})


def _columns(moments: Sequence[datetime]) -> list[str]:
    return [_clock(at) for at in moments]


def _clock(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"
