"""Who did what to which thing, and why: append-only, each entry with the digest of the one before it (GXP-01)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.pg import Cursor, in_transaction

HEAD = "SELECT position, sha256 FROM audit_head FOR UPDATE"
MOVE_HEAD = "UPDATE audit_head SET position = %s, sha256 = %s"
FILTERS = {
    "who": "who = %s",
    "act": "act = %s",
    "object": "object = %s",
    "since": "at >= %s",
    "until": "at < %s",
    "before": "position < %s",
    "after": "position > %s",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`act` as `message.hold`, `object` as `message:<id>`: ids, never names. `who` is a user; None is the machine."""

    act: str
    object: str
    who: UUID | None
    field: str = ""
    old: Any = None
    new: Any = None
    reason: str = ""
    source: str = "studio"


@dataclass(frozen=True, slots=True)
class Entry:
    position: int
    id: UUID
    at: datetime
    who: UUID | None
    act: str
    object: str
    field: str
    old: Any
    new: Any
    reason: str
    source: str
    previous: str
    sha256: str


COLUMNS = ", ".join(column.name for column in fields(Entry))
COPY = f"COPY audit_entry ({COLUMNS}) FROM STDIN"
SELECT = f"SELECT {COLUMNS} FROM audit_entry"
PIECE = f"{SELECT} WHERE position > %s AND position <= %s ORDER BY position LIMIT %s"
END = """
SELECT position, sha256, EXISTS (SELECT FROM audit_entry e WHERE e.position > h.position) FROM audit_head h
"""


def write(cur: Cursor, acts: Sequence[Act], now: datetime) -> None:
    """The last thing in a transaction, since writers take turns until it ends."""
    if not acts:
        return
    in_transaction(cur)
    last, previous = cur.execute(HEAD).fetchone() or (0, "")
    with cur.copy(COPY) as copy:
        for position, one in enumerate(acts, start=last + 1):
            told = (one.who, one.act, one.object, one.field, one.old, one.new, one.reason, one.source)
            link = (position, ids.new(), now, *told, previous)
            previous = _sha256(link)
            copy.write_row((*link[:7], _json(one.old), _json(one.new), *link[9:], previous))
    cur.execute(MOVE_HEAD, (last + len(acts), previous))


def listing(cur: Cursor, *, limit: int | None, **wanted: Any) -> list[Entry]:
    """Newest first; `wanted` are FILTERS."""
    values = {name: value for name, value in wanted.items() if value is not None}
    where = " AND ".join(FILTERS[name] for name in values) or "true"
    query = f"{SELECT} WHERE {where} ORDER BY position DESC LIMIT %s"
    return [Entry(*row) for row in cur.execute(query, (*values.values(), limit))]


def acts(cur: Cursor) -> list[str]:
    """The acts that were ever written down."""
    return [act for (act,) in cur.execute("SELECT DISTINCT act FROM audit_entry ORDER BY act")]


def authors(cur: Cursor) -> list[UUID]:
    return [who for (who,) in cur.execute("SELECT DISTINCT who FROM audit_entry WHERE who IS NOT NULL")]


def broken(cur: Cursor) -> int | None:
    """The first position that is not what was once written, or is no longer there; None if all is whole."""
    return walk(cur, 0, "", limit=None).wrong


class Piece(NamedTuple):
    """The entry that a walk has reached, with its digest; `wrong` is the first position that is not as it was."""

    position: int
    previous: str
    over: bool
    wrong: int | None = None


def walk(cur: Cursor, position: int, previous: str, *, limit: int | None) -> Piece:
    """On from the entry at `position`, at most `limit` entries."""
    last, digest, more = cur.execute(END).fetchone() or (0, "", False)
    rows = cur.execute(PIECE, (position, last, limit)).fetchall()
    for row in rows:
        entry = Entry(*row)
        if (entry.position, entry.previous, _sha256(astuple(entry)[:-1])) != (position + 1, previous, entry.sha256):
            return Piece(position, previous, over=True, wrong=position + 1)
        position, previous = entry.position, entry.sha256
    if len(rows) == limit and position < last:
        return Piece(position, previous, over=False)
    whole = (position, previous) == (last, digest) and not more
    return Piece(position, previous, over=True, wrong=None if whole else position + 1)


def length(cur: Cursor) -> int:
    row = cur.execute("SELECT position FROM audit_head").fetchone()
    return int(row[0]) if row else 0


def _sha256(link: tuple[Any, ...]) -> str:
    told = [each.astimezone(UTC).isoformat() if isinstance(each, datetime) else each for each in link]
    return ids.digest(orjson.dumps(told, option=orjson.OPT_SORT_KEYS))


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
