"""What people ended: erasures, withdrawals, objections. A backup is older than some of them, so they are written down
beside it, and done again in the house that is restored from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.audit import trail
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.people import read as people
from einklang.facts.people import suppressed
from einklang.loop.gate.changes import CHANGED, ENDS
from einklang.loop.interactions import log, positions
from einklang.loop.interactions.types import Entry
from einklang.services.privacy import acts, rights
from einklang.services.privacy.record import current

PIECE = 50_000  # entries of the log that are looked through at once
PERSON = "person:"
EVIDENCE = {"because": "restored"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An erasure has no permission. `digests`: by which an import would know her again (`suppressed`)."""

    at: datetime
    person: UUID | None = None
    anonymous: str | None = None
    permission: str = ""
    state: str = ""
    digests: Sequence[str] = field(default=())

    @classmethod
    def told(cls, plain: Mapping[str, Any]) -> Promise:
        """As JSON has it."""
        person = UUID(plain["person"]) if plain["person"] else None
        return cls(**{**plain, "at": datetime.fromisoformat(plain["at"]), "person": person})


@dataclass(frozen=True, slots=True)
class Place:
    """Up to where log and trail were read."""

    log: int = 0
    trail: int = 0


def made_since(cur: Cursor, place: Place) -> Iterator[tuple[list[Promise], Place]]:
    """Piece by piece, each with the place from which to go on."""
    while (piece := _piece(cur, place))[1] != place:
        yield piece
        place = piece[1]


def _piece(cur: Cursor, place: Place) -> tuple[list[Promise], Place]:
    erased, told = _erasures(cur, place.trail)
    ended, read = _endings(cur, place.log)
    return sorted([*erased, *ended], key=lambda each: each.at), Place(read, told)


def keep(cur: Cursor, promises: Sequence[Promise], now: datetime) -> tuple[int, int]:
    """How many erasures and how many endings this database did not know. What it knows stays as it is."""
    known = set(people.cards(cur, {each.person for each in promises if each.person}))
    erased = ended = 0
    for each in promises:
        if each.permission:
            ended += _end(cur, each, known, now)
        elif each.person:
            erased += _erase(cur, each.person, known, now)
            suppressed.remember_again(cur, each.person, each.digests, each.at)
    return erased, ended


def _erase(cur: Cursor, person: UUID, known: set[UUID], now: datetime) -> int:
    if person not in known:
        return 0
    rights.erase(cur, person=person, by=None, now=now)
    known.discard(person)
    return 1


def _end(cur: Cursor, promise: Promise, known: set[UUID], now: datetime) -> int:
    subject = promise.person or promise.anonymous
    if subject is None or promise.permission not in PERMISSIONS or (promise.person and promise.person not in known):
        return 0
    standing = current(cur, subject, promise.permission)
    if standing and (standing.state == promise.state or standing.since > promise.at):
        return 0
    if promise.state == "objected" and promise.person:
        acts.object_to(cur, person=promise.person, permission=promise.permission, evidence=EVIDENCE, now=now)
    else:
        acts.withdraw(
            cur,
            person=promise.person,
            anonymous=promise.anonymous,
            permission=promise.permission,
            evidence=EVIDENCE,
            now=now,
        )
    return 1


def _erasures(cur: Cursor, after: int) -> tuple[list[Promise], int]:
    entries = trail.listing(cur, limit=None, act=rights.ERASED, after=after)
    found = {UUID(entry.object.removeprefix(PERSON)): entry.at for entry in entries}
    digests = suppressed.of(cur, found)
    told = max([after, *(entry.position for entry in entries)])
    return [Promise(at=at, person=who, digests=digests.get(who, ())) for who, at in found.items()], told


def _endings(cur: Cursor, after: int) -> tuple[list[Promise], int]:
    reached = min(positions.reach(cur, after, PIECE), log.safe_position(cur))
    entries = log.read(cur, after=after, until=reached, limit=PIECE, kind=CHANGED)
    return [_ending(each) for each in entries if each.properties.get("state") in ENDS], reached


def _ending(entry: Entry) -> Promise:
    return Promise(
        at=entry.occurred_at,
        person=entry.person,
        anonymous=entry.anonymous if entry.person is None else None,
        permission=str(entry.properties.get("permission", "")),
        state=str(entry.properties["state"]),
    )
