"""The log: its only writer and its readers, plain SQL over a psycopg cursor. Nothing here commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from einklang.core.pg import Cursor
from einklang.loop.interactions import bursts, mapped, partitions
from einklang.loop.interactions import kinds as registry
from einklang.loop.interactions.types import Entry, Interaction, Recorded
from einklang.watch import trace

COLUMNS = tuple(Interaction.__dataclass_fields__)
READ = f"SELECT {', '.join((*COLUMNS, 'pos', 'lane'))} FROM interactions_log"
COPY = f"COPY interactions_log (pos, {', '.join(COLUMNS)}) FROM STDIN"
CHANNEL = "log"  # LISTEN log: something new may be readable (interactions_claim notifies)
# The lane of whoever it is: what a browser does after its person was recognised stands in the person's lane, so that
# one reader gets all of it in order. The same for every reader at any time, since the log before a place never changes.
LANE = """
CASE WHEN person IS NULL AND anonymous IS NOT NULL THEN coalesce((
    SELECT known.lane FROM interactions_log AS known
    WHERE known.anonymous = interactions_log.anonymous AND known.kind = 'person.identified'
        AND known.person IS NOT NULL AND known.pos < interactions_log.pos
    ORDER BY known.pos LIMIT 1), lane) ELSE lane END
"""
COUNTS = "kind = ANY(%s) AND initiator = 'company' AND purpose = 'promotional'"  # of registry.COUNTED: towards limits
OF_PERSONS = "(person = ANY(%s) OR person IS NULL AND anonymous = ANY(%s))"
AHEAD_OF_RECEIPT = timedelta(days=1)  # what is received has hardly happened later; lets old partitions be left out

# A writer's lock carries a position in the lower 48 bits of its key (see 0001_log.sql).
ANNOUNCED = """
    FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = 69
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
POSITION = "((classid::bigint & 65535) << 32 | objid::bigint)"
LOWEST_ANNOUNCED = f"SELECT min({POSITION}) {ANNOUNCED}"
LAST_TAKEN = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM interactions_pos"


def record(cur: Cursor, interactions: Sequence[Interaction]) -> list[Recorded]:
    """Those newly written, in the order given; what the log has under the same source and source id is left out."""
    if not interactions:
        return []
    first = {(each.source, each.source_id): each for each in reversed(interactions)}
    given = list(reversed(first.values()))
    received = {each.received_at for each in given}
    keys = orjson.dumps([(each.source, each.source_id) for each in given]).decode()
    claimed = cur.execute(
        "SELECT place, pos FROM interactions_claim(%s::json, %s::date[], %s::date)",
        (keys, partitions.months(received), max(received)),
    ).fetchall()
    if not claimed:
        return []
    with cur.copy(COPY) as copy:
        copy.write("".join([line(pos, given[place - 1]) for place, pos in claimed]))
    if trace.current():
        for place, _ in claimed:
            new = given[place - 1]
            trace.made("interaction", new.id, because=new.message, kind=new.kind, channel=new.channel)
    return [Recorded(pos, given[place - 1].id) for place, pos in claimed]


def safe_position(cur: Cursor) -> int:
    """Nothing at or before it can still be committed. Two statements, in this order, at READ COMMITTED."""
    last: int = _one(cur, LAST_TAKEN)
    announced: int | None = _one(cur, LOWEST_ANNOUNCED)
    return last if announced is None else min(last, announced)


def read(
    cur: Cursor,
    *,
    after: int,
    limit: int,
    until: int | None = None,
    lanes: tuple[int, int] | None = None,
    person: UUID | None = None,
    kind: str | None = None,
) -> list[Entry]:
    """In log order, up to the safe position: what commits late is not skipped. `lanes` keeps a person together."""
    where: list[str] = ["pos > %s", "pos <= %s"]
    values: list[Any] = [after, safe_position(cur) if until is None else until]
    if lanes:
        where.append(f"{LANE} BETWEEN %s AND %s")
        values += lanes
    if kind:
        where.append("kind = %s")
        values.append(kind)
    joined = anonymous_of(cur, [person]) if person else {}
    if person:
        where.append(OF_PERSONS)
        values += [[person], list(joined)]
    query = f"{READ} WHERE {' AND '.join(where)} ORDER BY pos LIMIT %s"
    return _entries(cur, query, [*values, limit], joined)


def person_history(
    cur: Cursor,
    persons: Iterable[UUID],
    *,
    kinds: Sequence[str] | None = None,
    since: datetime | None = None,
    limit: int,
) -> list[Entry]:
    """Newest first, with what they did before they were recognised."""
    persons = list(persons)
    joined = anonymous_of(cur, persons)
    where, values = [OF_PERSONS], [persons, list(joined)]
    if kinds is not None:
        where.append(f"(kind = ANY(%s) OR {mapped.ALSO})")
        values += [list(kinds), list(kinds)]
    if since is not None:
        where.append("occurred_at >= %s AND received_at >= %s")
        values += [since, since - AHEAD_OF_RECEIPT]
    query = f"{READ} WHERE {' AND '.join(where)} ORDER BY occurred_at DESC, pos DESC LIMIT %s"
    found = _entries(cur, query, [*values, limit], joined)
    return found if kinds is None else [each for each in found if each.kind in kinds]


def histories(cur: Cursor, persons: Sequence[UUID], *, after: int, limit: int) -> list[Entry]:
    """Oldest first, with what they did before they were recognised."""
    joined = anonymous_of(cur, persons)
    query = f"{READ} WHERE pos > %s AND {OF_PERSONS} ORDER BY pos LIMIT %s"
    return _entries(cur, query, [after, list(persons), list(joined), limit], joined)


def at(cur: Cursor, positions: Iterable[int]) -> dict[int, Entry]:
    """What stands at these places; what was forgotten is missing."""
    return {each.pos: each for each in _entries(cur, f"{READ} WHERE pos = ANY(%s)", [list(positions)], {})}


def contacts(cur: Cursor, persons: Iterable[UUID], since: datetime) -> dict[UUID, list[tuple[datetime, str]]]:
    """When and by which channel the company approached them for promotion, oldest first; for contact limits."""
    found: dict[UUID, list[tuple[datetime, str]]] = {person: [] for person in persons}
    rows = cur.execute(
        "SELECT person, occurred_at, channel FROM interactions_log "
        f"WHERE person = ANY(%s) AND {COUNTS} AND occurred_at >= %s AND received_at >= %s ORDER BY occurred_at",
        (list(found), list(registry.COUNTED), since, since - AHEAD_OF_RECEIPT),
    )
    for person, occurred_at, channel in rows:
        found[person].append((occurred_at, channel))
    return found


def anonymous_of(cur: Cursor, persons: Sequence[UUID]) -> dict[str, UUID]:
    """The anonymous ids under which they were seen before they were recognised."""
    query = "SELECT anonymous, person FROM interactions_log WHERE kind = 'person.identified' AND person = ANY(%s)"
    return dict(cur.execute(query, (list(persons),)).fetchall())


def recognised(cur: Cursor, anonymous: Iterable[str]) -> dict[str, tuple[UUID, int]]:
    """Who an anonymous id turned out to be, and the position of that entry. The first finding stands."""
    rows = cur.execute(
        "SELECT DISTINCT ON (anonymous) anonymous, person, pos FROM interactions_log "
        "WHERE anonymous = ANY(%s) AND kind = 'person.identified' ORDER BY anonymous, pos",
        (list(anonymous),),
    )
    return {name: (person, pos) for name, person, pos in rows}


def _entries(cur: Cursor, query: str, values: Sequence[Any], joined: dict[str, UUID]) -> list[Entry]:
    names = (*COLUMNS, "pos", "lane")
    entries = [Entry(**dict(zip(names, row, strict=True))) for row in cur.execute(query, values)]
    if joined:
        entries = [
            replace(each, person=joined[each.anonymous or ""]) if each.person is None else each for each in entries
        ]
    return bursts.read(cur, mapped.read(cur, entries))


def _one(cur: Cursor, query: str, values: Sequence[Any] = ()) -> Any:
    row = cur.execute(query, values).fetchone()
    assert row is not None
    return row[0]


ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NULL = r"\N"


def line(pos: int, each: Interaction) -> str:
    """One row in COPY's text format, columns as in COPY. By hand: several times as fast as the driver's dumpers."""
    properties = orjson.dumps(each.properties, default=str).decode()
    if "\\" in properties:
        properties = properties.replace("\\", "\\\\")
    return (
        f"{pos}\t{each.id.hex}\t{each.occurred_at}\t{_moment(each.received_at)}\t{_word(each.kind)}\t"
        f"{_word(each.channel)}\t{each.initiator}\t{_word(each.unit)}\t{_word(each.purpose)}\t{each.depth}\t"
        f"{_uuid(each.person)}\t{_text(each.anonymous)}\t{_uuid(each.organisation)}\t{_uuid(each.content)}\t"
        f"{_text(each.key_message)}\t{_uuid(each.journey)}\t{_uuid(each.message)}\t{_uuid(each.event)}\t"
        f"{'t' if each.is_machine else 'f'}\t{NULL if each.cost is None else each.cost}\t{properties}\t"
        f"{_word(each.source)}\t{_text(each.source_id)}\n"
    )


def _uuid(value: UUID | None) -> str:
    return NULL if value is None else value.hex


def _text(value: str | None) -> str:
    if value is None:
        return NULL
    return value if "\\" not in value and value.isprintable() else value.translate(ESCAPES)


_word = lru_cache(1000)(_text)  # the few words that every row repeats
_moment = lru_cache(1000)(str)
