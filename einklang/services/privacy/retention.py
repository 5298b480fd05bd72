"""What has been kept long enough goes: each class by its rule in `retention.yaml`, in chunks of a transaction each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from einklang.core import erasure
from einklang.core.connection import cursor
from einklang.core.erasure import Ageing
from einklang.core.pg import Cursor
from einklang.facts.people import erasure as people
from einklang.facts.people import suppressed
from einklang.loop.interactions import erasure as interactions
from einklang.services.privacy import classes
from einklang.services.privacy.classes import Keep

CHUNK = 2000
REBUILT = 100  # profiles, each folded from its log
LATE = timedelta(days=2)  # until then nothing that began before an erasure is still under way
SWEPT = ("profiles", "interactions")
DELETE, REVIEW = "delete", "review"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """`act` is delete, or review where somebody has to look first."""

    record_class: str
    act: str
    rule: str
    before: datetime
    number: int
    oldest: datetime | None


def rehearse(cur: Cursor, now: datetime) -> list[Due]:
    """What a run would delete now, and which persons are to be looked at; nothing is changed."""
    found = [_due(cur, ageing, keep, now) for ageing, keep in _ageing()]
    return sorted([*found, *_reviews(cur, now)], key=lambda each: list(classes.every()).index(each.record_class))


def run(now: datetime) -> Counter[str]:
    """How many records went, by class."""
    gone: Counter[str] = Counter()
    for record_class, number in chunks(now):
        gone[record_class] += number
    return gone


def chunks(now: datetime) -> Iterator[tuple[str, int]]:
    """One short transaction for each step, so that whoever asks can do other things in between."""
    yield "contacts", sweep(now)
    for ageing, keep in _ageing():
        limit = REBUILT if ageing.record_class == "profile" else CHUNK
        number = limit
        while number == limit:
            with transaction.atomic():
                number = ageing.drop(cursor(), keep.before(now), limit)
            yield ageing.record_class, number


def sweep(now: datetime) -> int:
    """What was under way while a person was erased, and was written after it."""
    rooms = [room for room in erasure.rooms() if room.name in SWEPT]
    with transaction.atomic():
        cur = cursor()
        persons = suppressed.erased_since(cur, now - LATE)
        return sum(_again(cur, room, person, now) for person in persons for room in rooms)


def inactive(cur: Cursor, before: datetime) -> dict[UUID, datetime]:
    """Persons without any contact since, by when they came into the house."""
    known = people.known_before(cur, before)
    active = interactions.active_since(cur, before) if known else frozenset()
    return {person: since for person, since in known.items() if person not in active}


def _due(cur: Cursor, ageing: Ageing, keep: Keep, now: datetime) -> Due:
    before = keep.before(now)
    number, oldest = ageing.older(cur, before)
    return Due(
        record_class=ageing.record_class, act=DELETE, rule=keep.rule, before=before, number=number, oldest=oldest
    )


def _reviews(cur: Cursor, now: datetime) -> list[Due]:
    return [_review(cur, each.name, each.review, now) for each in classes.every().values() if each.review]


def _review(cur: Cursor, name: str, keep: Keep, now: datetime) -> Due:
    before = keep.before(now)
    found = inactive(cur, before)
    oldest = min(found.values(), default=None)
    return Due(record_class=name, act=REVIEW, rule=keep.rule, before=before, number=len(found), oldest=oldest)


def _ageing() -> list[tuple[Ageing, Keep]]:
    """The lower rooms first: a profile is folded anew after its log was shortened."""
    named = [(ageing, classes.named(ageing.record_class).keep) for room in erasure.rooms() for ageing in room.ageing]
    return [(ageing, keep) for ageing, keep in reversed(named) if keep]


def _again(cur: Cursor, room: erasure.Room, person: UUID, now: datetime) -> int:
    return sum(outcome.count for outcome in room.erase(cur, person, now))
