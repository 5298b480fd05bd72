"""Whom a mailing is for: a small document of a fixed vocabulary, answered by the rooms that know.

Each criterion is a list of which one must fit, and all criteria must. People are gone through in the order of their
ids, a piece at a time: a constant number of queries for each piece, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.consent import status
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.people import choose
from einklang.loop.profiles import read as profiles

PIECE = 10_000
LONGEST_LIST, LONGEST_SPAN = 200, 730
TEXTS = ("professions", "specialties", "laender", "topics", "read", "not_read", "allowed")
IDS = ("territories", "organisations")
DAYS = ("contacted_within", "not_contacted_within")
CONTACTS = ("email", "visit", "phone")

UNKNOWN = Words("Dieses Merkmal gibt es nicht.", "There is no such criterion.")
WRONG = Words("Diese Angabe passt nicht zum Merkmal.", "This value does not fit the criterion.")
CHOOSE = Words("Wählen Sie einen der vorgeschlagenen Werte.", "Choose one of the values on offer.")
SPAN = Words(
    f"Das ist eine ganze Zahl von 1 bis {LONGEST_SPAN} Tagen.", f"This is a whole number of 1 to {LONGEST_SPAN} days."
)


@dataclass(frozen=True, slots=True)
class Segment:
    """`allowed` are permissions that must all be granted; the spans are days back from now, over any contact."""

    professions: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    laender: tuple[str, ...] = ()
    territories: tuple[UUID, ...] = ()
    organisations: tuple[UUID, ...] = ()
    topics: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    not_read: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    contacted_within: int | None = None
    not_contacted_within: int | None = None

    @property
    def document(self) -> dict[str, Any]:
        """As it is stored: only what is asked for."""
        return {
            name: [str(each) for each in value] if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value
        }


def parse(document: Mapping[str, Any]) -> Segment:
    """Raises `InputError` with the criterion as its field."""
    if unknown := document.keys() - {*TEXTS, *IDS, *DAYS}:
        raise InputError(min(unknown), UNKNOWN, CHOOSE)
    segment = Segment(**{name: _value(name, value) for name, value in document.items() if value not in (None, [], "")})
    if not set(segment.allowed) <= PERMISSIONS.keys():
        raise InputError("allowed", WRONG, CHOOSE)
    return segment


def members(
    cur: Cursor, segment: Segment, now: datetime, *, after: UUID | None, limit: int
) -> tuple[list[UUID], UUID | None]:
    """The next of at most `limit` people whom the record fits, as far as the rest fits too; and where to go on."""
    found = choose.piece(cur, _of_record(segment), after=after, limit=limit)
    keep = _narrowed(cur, segment, found, now) if found else set()
    return [person for person in found if person in keep], found[-1] if found else None


def count(cur: Cursor, segment: Segment, now: datetime) -> int:
    """In one query where the record alone decides who belongs to it."""
    if segment.document.keys() <= choose.FILTERS.keys():
        return choose.count(cur, _of_record(segment))
    return sum(map(len, everybody(cur, segment, now)))


def first(cur: Cursor, segment: Segment, now: datetime, limit: int) -> list[UUID]:
    found: list[UUID] = []
    for piece in everybody(cur, segment, now):
        found += piece
        if len(found) >= limit:
            break
    return found[:limit]


def everybody(cur: Cursor, segment: Segment, now: datetime) -> Iterator[list[UUID]]:
    after: UUID | None = None
    while True:
        found, after = members(cur, segment, now, after=after, limit=PIECE)
        if after is None:
            return
        yield found


def _of_record(segment: Segment) -> dict[str, tuple[Any, ...]]:
    return {name: getattr(segment, name) for name in choose.FILTERS}


def _narrowed(cur: Cursor, segment: Segment, persons: list[UUID], now: datetime) -> set[UUID]:
    keep = set(persons)
    for permission in segment.allowed:
        keep &= status.answered(cur, keep, [permission], ["granted"])
    if segment.topics:
        keep &= profiles.interested(cur, keep, segment.topics)
    if segment.read:
        keep &= profiles.have_read(cur, keep, segment.read)
    if segment.not_read:
        keep -= profiles.have_read(cur, keep, segment.not_read)
    if segment.contacted_within:
        keep &= _contacted(cur, keep, segment.contacted_within, now)
    if segment.not_contacted_within:
        keep -= _contacted(cur, keep, segment.not_contacted_within, now)
    return keep


def _contacted(cur: Cursor, persons: set[UUID], days: int, now: datetime) -> set[UUID]:
    return profiles.contacted(cur, persons, CONTACTS, after=now - timedelta(days=days))


def _value(name: str, value: Any) -> Any:
    if name in DAYS:
        if type(value) is int and 1 <= value <= LONGEST_SPAN:
            return value
        raise InputError(name, WRONG, SPAN)
    if not isinstance(value, list) or len(value) > LONGEST_LIST or not all(isinstance(each, str) for each in value):
        raise InputError(name, WRONG, CHOOSE)
    try:
        return tuple(UUID(each) for each in value) if name in IDS else tuple(value)
    except ValueError:
        raise InputError(name, WRONG, CHOOSE) from None
