"""Exactly what the rep may see of a person's interests (DE-TRK-04), for the person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from einklang.faces.portal.reader import Reader
from einklang.loop.profiles import read as profiles


@dataclass(frozen=True)
class Insight:
    grade: str | None
    topics: list[tuple[str, date]]
    titles: list[tuple[str, datetime]]


def seen_by_rep(reader: Reader) -> Insight:
    status = reader.permissions.get("rep_visibility")
    if status is None or not status.granted:
        return Insight(None, [], [])
    profile = profiles.profiles(reader.cur, [reader.card.id])[reader.card.id]
    topics = [(reader.topic(each.topic), each.month) for each in profiles.topics(profile, reader.now)]
    titles = [(each.title, each.at) for each in profile.seen.values()] if status.grade == "title" else []
    return Insight(status.grade, topics, sorted(titles, key=lambda each: each[1], reverse=True))
