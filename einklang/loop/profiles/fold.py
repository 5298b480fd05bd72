"""One entry of the log folded into what we know of a person. Pure: no Django, no clock.

The state is plain JSON, so that the same log gives the same bytes:

    topics  {topic: {weight, at}}        weight as of `at`, the newest interaction with the topic
    seen    {content slug: {at, title, times}}
    last    {channel: at}
    counts  {kind: number}

A topic's interest halves every 90 days. Nothing is decayed in place: a weight stands as of its own date, the reader
decays it to hers, and an interaction that comes late is decayed to the weight's date.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from einklang.loop.interactions import kinds
from einklang.loop.interactions.types import Entry

State = dict[str, Any]

HALF_LIFE_DAYS = 90.0
WEIGHT_OF_DEPTH = (0.0, 1.0, 2.0, 3.0)
DAY_SECONDS = 86_400.0


def fold(state: State, entry: Entry) -> State:
    """A new state; the given one is left as it was."""
    if entry.is_machine or entry.kind == kinds.IDENTIFIED:
        return state
    return {
        "topics": _topics(state.get("topics", {}), entry),
        "seen": _seen(state.get("seen", {}), entry),
        "last": _last(state.get("last", {}), entry),
        "counts": _counts(state.get("counts", {}), entry),
    }


def decay(weight: float, at: datetime, now: datetime) -> float:
    """The weight of `at` as seen at `now`. Nothing grows: before `at` it is what it was."""
    return weight * _factor(at, now) if now > at else weight


def _topics(topics: State, entry: Entry) -> State:
    added = WEIGHT_OF_DEPTH[entry.depth]
    names = _strings(entry.properties.get("topics")) if added else []
    return topics | {name: _interest(topics.get(name), added, entry.occurred_at) for name in names}


def _interest(known: State | None, added: float, at: datetime) -> State:
    if known is None:
        return {"weight": added, "at": at.isoformat()}
    before = datetime.fromisoformat(known["at"])
    newest = max(before, at)
    weight = decay(known["weight"], before, newest) + decay(added, at, newest)
    return {"weight": weight, "at": newest.isoformat()}


def _seen(seen: State, entry: Entry) -> State:
    slug = entry.properties.get("content_slug")
    if entry.kind not in ("content.viewed", "email.clicked") or not isinstance(slug, str):
        return seen
    known = seen.get(slug, {"at": entry.occurred_at.isoformat(), "title": "", "times": 0})
    title = entry.properties.get("title")
    return seen | {
        slug: {
            "at": _newest(known["at"], entry.occurred_at),
            "title": title if isinstance(title, str) else known["title"],
            "times": known["times"] + 1,
        }
    }


def _last(last: State, entry: Entry) -> State:
    return last | {entry.channel: _newest(last.get(entry.channel), entry.occurred_at)}


def _counts(counts: State, entry: Entry) -> State:
    return counts | {entry.kind: counts.get(entry.kind, 0) + 1}


def _newest(known: str | None, at: datetime) -> str:
    return (max(datetime.fromisoformat(known), at) if known else at).isoformat()


def _factor(start: datetime, end: datetime) -> float:
    return float(0.5 ** ((end - start).total_seconds() / DAY_SECONDS / HALF_LIFE_DAYS))


def _strings(value: Any) -> list[str]:
    return list(dict.fromkeys(each for each in value if isinstance(each, str))) if isinstance(value, list) else []
