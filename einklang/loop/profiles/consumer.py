"""Profiles follow the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

import orjson

from einklang.core.pg import Cursor
from einklang.loop.interactions import bursts, kinds, log
from einklang.loop.interactions.consumers import Consumer
from einklang.loop.interactions.types import Entry
from einklang.loop.profiles.fold import State, fold

NAME = "profiles"
PAGE = 1000


class Held(NamedTuple):
    """A profile whose row this transaction has locked."""

    person: UUID
    state: State
    pos: int


def advance(cur: Cursor, entries: list[Entry], now: datetime) -> None:
    """Entries in log order. A profile whose past has changed (somebody was recognised, her clicks turn out to be a
    scanner's, or an entry of another lane comes after a later one) is folded from the beginning, so that it always
    equals what the log says."""
    of_person = {
        person: list(group) for person, group in groupby(sorted(_attributed(cur, entries), key=_person), key=_person)
    }
    held = hold(cur, of_person)
    write(cur, [_advanced(cur, each, of_person[each.person]) for each in held])


CONSUMER = Consumer(NAME, advance)


def hold(cur: Cursor, persons: Iterable[UUID]) -> list[Held]:
    wanted = sorted(persons)
    cur.execute(
        "INSERT INTO profiles_profile (person, state, pos) "
        "SELECT person, '{}', 0 FROM unnest(%s::uuid[]) AS t (person) ON CONFLICT DO NOTHING",
        (wanted,),
    )
    rows = cur.execute(
        "SELECT person, state, pos FROM profiles_profile WHERE person = ANY(%s) ORDER BY person FOR UPDATE", (wanted,)
    )
    return [Held(*row) for row in rows]


def folded_anew(cur: Cursor, person: UUID, until: int) -> Held:
    state: State = {}
    after = 0
    while entries := log.read(cur, after=after, until=until, person=person, limit=PAGE):
        state = reduce(fold, entries, state)
        after = entries[-1].pos
    return Held(person, state, until)


def write(cur: Cursor, profiles: Sequence[Held]) -> None:
    """As one JSON value: the driver escapes an array of JSON quote by quote."""
    cur.execute(
        "UPDATE profiles_profile SET state = t.state, pos = t.pos "
        "FROM json_to_recordset(%s::json) AS t (person uuid, state jsonb, pos bigint) "
        "WHERE profiles_profile.person = t.person",
        (orjson.dumps([each._asdict() for each in profiles]).decode(),),
    )


def _advanced(cur: Cursor, held: Held, entries: list[Entry]) -> Held:
    until = max(held.pos, entries[-1].pos)
    if entries[0].pos <= held.pos or any(map(_changes_the_past, entries)):
        return folded_anew(cur, held.person, until)
    return Held(held.person, reduce(fold, entries, held.state), until)


def _changes_the_past(entry: Entry) -> bool:
    return entry.kind == kinds.IDENTIFIED or bursts.recognised(entry)


def _attributed(cur: Cursor, entries: Sequence[Entry]) -> list[Entry]:
    """Those of known persons. Whoever was recognised later is folded when the log comes to that."""
    known = log.recognised(cur, {entry.anonymous for entry in entries if entry.person is None and entry.anonymous})
    return [
        entry if entry.person else replace(entry, person=known[entry.anonymous or ""][0])
        for entry in entries
        if entry.person or (entry.anonymous in known and known[entry.anonymous][1] < entry.pos)
    ]


def _person(entry: Entry) -> UUID:
    assert entry.person is not None
    return entry.person
