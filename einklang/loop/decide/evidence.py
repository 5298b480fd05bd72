"""What next best actions are built on, loaded for many persons at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.content import topics
from einklang.facts.content.topics import Topics
from einklang.loop.decide import recommend
from einklang.loop.decide.recommend import Pick
from einklang.loop.interactions import log
from einklang.loop.interactions.types import Entry
from einklang.loop.profiles import read as profiles

WINDOW = timedelta(days=90)
ENTRIES_PER_PERSON = 50
CONFIDENTIAL = ("medical", "safety")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest reading and click, the best unread content, the last visit. Only the visit without a grade."""

    read: Entry | None = None
    clicked: Entry | None = None
    unread: Pick | None = None
    visited: datetime | None = None
    about: Topics = field(default_factory=dict)

    @property
    def news(self) -> datetime | None:
        """When she last read or clicked."""
        return max((each.occurred_at for each in (self.read, self.clicked) if each), default=None)


def load(cur: Cursor, persons: Sequence[UUID], visible: Collection[UUID], now: datetime) -> dict[UUID, Evidence]:
    """`visible` are those of whom the rep may see what they read and clicked; of the others nothing is loaded."""
    read, clicked = _newest(cur, visible, "content.viewed", now), _newest(cur, visible, "email.clicked", now)
    picks = recommend.for_person(cur, list(visible), now, personal=True, limit=1)
    known, about = profiles.profiles(cur, persons), topics.load(cur)
    return {
        person: Evidence(
            read=read.get(person),
            clicked=clicked.get(person),
            unread=next(iter(picks.get(person, [])), None),
            visited=known[person].last.get("visit"),
            about=about,
        )
        for person in persons
    }


def _newest(cur: Cursor, persons: Collection[UUID], kind: str, now: datetime) -> dict[UUID, Entry]:
    history = log.person_history(
        cur, persons, kinds=[kind], since=now - WINDOW, limit=ENTRIES_PER_PERSON * max(1, len(persons))
    )
    return {entry.person: entry for entry in reversed(history) if entry.person and _counts(entry)}


def _counts(entry: Entry) -> bool:
    """What was said to medical or to drug safety does not exist for sales."""
    return not entry.is_machine and entry.purpose not in CONFIDENTIAL
