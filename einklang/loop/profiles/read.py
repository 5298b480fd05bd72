from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.profiles.fold import State, decay

LAST = """
SELECT person, max(at::timestamptz) FROM profiles_profile, jsonb_each_text(state -> 'last') AS contact (channel, at)
WHERE person = ANY(%s) AND channel = ANY(%s) GROUP BY person
"""
CONTACTED = """
SELECT person FROM profiles_profile, jsonb_each_text(state -> 'last') AS contact (channel, at)
WHERE person = ANY(%(persons)s) AND channel = ANY(%(channels)s) GROUP BY person
HAVING (%(after)s::timestamptz IS NULL OR max(at::timestamptz) > %(after)s)
   AND (%(until)s::timestamptz IS NULL OR max(at::timestamptz) <= %(until)s)
"""
INTERESTED = "SELECT person FROM profiles_profile WHERE person = ANY(%s) AND state -> 'topics' ?| %s"
HAVE_READ = "SELECT person FROM profiles_profile WHERE person = ANY(%s) AND state -> 'seen' ?| %s"


class Interest(NamedTuple):
    weight: float
    at: datetime


class Seen(NamedTuple):
    at: datetime
    title: str
    times: int


class Topic(NamedTuple):
    topic: str
    weight: float
    month: date  # its first day


@dataclass(frozen=True)
class Profile:
    topics: dict[str, Interest] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)  # by content slug
    last: dict[str, datetime] = field(default_factory=dict)  # by channel
    counts: dict[str, int] = field(default_factory=dict)  # by kind


def profiles(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, Profile]:
    """One for each person asked for; empty where nothing is known."""
    wanted = list(persons)
    rows = cur.execute("SELECT person, state FROM profiles_profile WHERE person = ANY(%s)", (wanted,))
    known = {person: _profile(state) for person, state in rows}
    return {person: known.get(person) or Profile() for person in wanted}


def last_contact(cur: Cursor, persons: Iterable[UUID], channels: Sequence[str]) -> dict[UUID, datetime]:
    """The newest one over these channels; who had none is missing."""
    return dict(cur.execute(LAST, (list(persons), list(channels))).fetchall())


def contacted(
    cur: Cursor,
    persons: Iterable[UUID],
    channels: Sequence[str],
    *,
    after: datetime | None = None,
    until: datetime | None = None,
) -> set[UUID]:
    """Those among them whose newest contact over these channels lies in the span; without one, whoever had any."""
    span = {"persons": list(persons), "channels": list(channels), "after": after, "until": until}
    return {person for (person,) in cur.execute(CONTACTED, span)}


def interested(cur: Cursor, persons: Iterable[UUID], topics: Sequence[str]) -> set[UUID]:
    """Those among them who ever turned to one of these topics."""
    return {person for (person,) in cur.execute(INTERESTED, (list(persons), list(topics)))}


def have_read(cur: Cursor, persons: Iterable[UUID], slugs: Sequence[str]) -> set[UUID]:
    """Those among them who read one of these contents."""
    return {person for (person,) in cur.execute(HAVE_READ, (list(persons), list(slugs)))}


def topics(profile: Profile, now: datetime) -> list[Topic]:
    """Strongest first, as of `now`."""
    found = [
        Topic(name, decay(interest.weight, interest.at, now), interest.at.astimezone(UTC).date().replace(day=1))
        for name, interest in profile.topics.items()
    ]
    return sorted(found, key=lambda each: (-each.weight, each.topic))


def _profile(state: State) -> Profile:
    topics, seen = state.get("topics", {}), state.get("seen", {})
    return Profile(
        topics={name: Interest(each["weight"], _at(each["at"])) for name, each in topics.items()},
        seen={slug: Seen(_at(each["at"]), each["title"], each["times"]) for slug, each in seen.items()},
        last={channel: _at(at) for channel, at in state.get("last", {}).items()},
        counts=dict(state.get("counts", {})),
    )


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)
