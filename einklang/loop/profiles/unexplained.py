"""Profiles that are not what the log says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import groupby
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import consumers, log, mapping, partitions, unexplained
from einklang.loop.interactions.types import Entry
from einklang.loop.profiles.consumer import NAME
from einklang.loop.profiles.fold import State, fold

BATCH = 200
PAGE = 5_000
PROFILES = "SELECT person, state, pos FROM profiles_profile WHERE person = ANY(%s)"


def otherwise_than_the_log(cur: Cursor) -> Iterator[UUID]:
    """Persons whose profile, folded anew, is another one. Who has entries that are not read yet is left out. While
    months are set aside or events are being read otherwise there is nothing to compare."""
    if mapping.unfolded(cur) or partitions.aside(cur):
        return
    reached = consumers.checkpoint(cur, NAME)
    for persons in unexplained.persons(cur, BATCH):
        kept = {person: (state, pos) for person, state, pos in cur.execute(PROFILES, (persons,)).fetchall()}
        for person, entries in _histories(cur, persons).items():
            state, pos = kept.get(person, ({}, 0))
            until = max(pos, reached)
            if entries[-1].pos <= until and (person not in kept or state != _folded(entries)):
                yield person


def _histories(cur: Cursor, persons: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    found: list[Entry] = []
    while page := log.histories(cur, persons, after=found[-1].pos if found else 0, limit=PAGE):
        found += page
    of_person = groupby(sorted(found, key=_person), key=_person)
    return {person: list(entries) for person, entries in of_person}


def _folded(entries: Sequence[Entry]) -> State:
    return reduce(fold, entries, {})


def _person(entry: Entry) -> UUID:
    assert entry.person is not None
    return entry.person
