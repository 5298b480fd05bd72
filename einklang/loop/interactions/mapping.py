"""Making and undoing mappings (see `mapped.py`), and what there is to map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping as Map
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson

from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.loop.interactions import kinds, log, mapped
from einklang.loop.interactions.mapped import Mapping

WINDOW = timedelta(days=90)  # names that nobody told for that long are not listed
LISTED = 200
TRIED = 5000  # events of a preview
STRETCH = 50_000  # positions of the log searched at once
BATCH = 200  # events at once
NAMES = """
WITH told AS (
    SELECT source, kind, count(*) AS number, count(DISTINCT person) AS persons, max(received_at) AS latest,
        max(pos) AS newest
    FROM interactions_log WHERE kind LIKE 'custom.%%' AND received_at >= %(since)s GROUP BY source, kind
)
SELECT k.id, k.name, k.is_server, told.source, told.kind, told.number, told.persons, told.latest,
    coalesce((
        SELECT array_agg(key ORDER BY key) FROM interactions_log AS l, jsonb_object_keys(l.properties) AS key
        WHERE l.pos = told.newest
    ), '{}')
FROM told JOIN interactions_write_key AS k ON told.source = 'key:' || k.id
WHERE %(source)s::text IS NULL OR (told.source, told.kind) = (%(source)s, %(kind)s)
ORDER BY told.number DESC, told.kind LIMIT %(limit)s
"""
SAMPLE = """
SELECT properties FROM interactions_log WHERE source = %s AND kind = %s AND received_at >= %s ORDER BY pos DESC LIMIT %s
"""
MADE = """
SELECT m.id, m.source, m.name, m.kind, m.renames, m.made_by, m.made_at, m.refold_after IS NOT NULL, k.name
FROM interactions_mapping AS m JOIN interactions_write_key AS k ON m.source = 'key:' || k.id
WHERE m.undone_at IS NULL ORDER BY m.made_at DESC, m.id DESC
"""
# Whoever reads the log at this moment is waited for, and whoever reads it next knows of the change.
STOP_READERS = "SELECT 1 FROM interactions_checkpoint ORDER BY consumer, lane_from FOR UPDATE"
CREATE = """
INSERT INTO interactions_mapping (source, name, kind, renames, made_by, made_at, refold_after)
VALUES (%s, %s, %s, %s, %s, %s, 0) ON CONFLICT (source, name) WHERE undone_at IS NULL DO NOTHING RETURNING id
"""
UNDO = """
UPDATE interactions_mapping SET undone_at = %s, refold_after = 0 WHERE id = %s AND undone_at IS NULL
RETURNING id, source, name, kind, renames
"""
CLAIM = """
SELECT id, source, name, refold_after FROM interactions_mapping
WHERE refold_after < %s ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
"""
NEXT = """
SELECT pos, person, anonymous FROM interactions_log
WHERE pos > %s AND pos <= %s AND source = %s AND kind = %s ORDER BY pos LIMIT %s
"""
REACHED = "UPDATE interactions_mapping SET refold_after = %s WHERE id = %s"


class Name(NamedTuple):
    """What a key tells under a name of its own, within the last 90 days."""

    key: int
    sender: str
    is_server: bool
    source: str
    name: str
    number: int
    persons: int
    latest: datetime
    properties: list[str]  # of the newest event


class Made(NamedTuple):
    id: int
    source: str
    name: str
    kind: str
    renames: dict[str, str]
    by: UUID
    at: datetime
    is_refolding: bool
    sender: str


class Preview(NamedTuple):
    """What the newest events would become."""

    tried: int
    become: int
    refused: Counter[tuple[str, str]]  # (property, reason) → number

    @property
    def stay(self) -> int:
        return self.tried - self.become


def names(cur: Cursor, now: datetime) -> list[Name]:
    """The most frequent first, mapped or not."""
    asked = {"since": now - WINDOW, "source": None, "kind": None, "limit": LISTED}
    return [Name(*row) for row in cur.execute(NAMES, asked)]


def name(cur: Cursor, source: str, kind: str, now: datetime) -> Name:
    asked = {"since": now - WINDOW, "source": source, "kind": kind, "limit": 1}
    row = cur.execute(NAMES, asked).fetchone()
    if row is None:
        raise NotFound(kind)
    return Name(*row)


def properties(cur: Cursor, told: Name, now: datetime) -> list[str]:
    """All that its newest events carry."""
    rows = cur.execute(SAMPLE, (told.source, told.name, now - WINDOW, TRIED))
    return sorted({key for (found,) in rows for key in found})


def preview(cur: Cursor, told: Name, kind: str, renames: Map[str, str], now: datetime) -> Preview:
    _check(told, kind, renames)
    rows = cur.execute(SAMPLE, (told.source, told.name, now - WINDOW, TRIED)).fetchall()
    problems = [kinds.check(kind, mapped.renamed(found, renames)) for (found,) in rows]
    refused = Counter((field.removeprefix("properties."), reason) for each in problems for field, reason in each)
    return Preview(len(rows), sum(not each for each in problems), refused)


def made(cur: Cursor) -> list[Made]:
    return [Made(*row) for row in cur.execute(MADE)]


def create(cur: Cursor, told: Name, kind: str, renames: Map[str, str], *, by: UUID, now: datetime) -> int:
    """Raises `Conflict` where somebody has mapped this name meanwhile."""
    _check(told, kind, renames)
    cur.execute(STOP_READERS)
    row = cur.execute(CREATE, (told.source, told.name, kind, orjson.dumps(dict(renames)).decode(), by, now)).fetchone()
    if row is None:
        raise Conflict(told.name)
    return int(row[0])


def undo(cur: Cursor, mapping: int, now: datetime) -> Mapping:
    """Raises `Conflict` where it is undone already."""
    cur.execute(STOP_READERS)
    row = cur.execute(UNDO, (now, mapping)).fetchone()
    if row is None:
        raise Conflict(str(mapping))
    return Mapping(*row)


def unfolded(cur: Cursor) -> bool:
    """Whether profiles are still to be folded anew since a mapping was made or undone."""
    return bool(cur.execute("SELECT FROM interactions_mapping WHERE refold_after IS NOT NULL LIMIT 1").fetchall())


def next_persons(cur: Cursor, until: int) -> set[UUID] | None:
    """Of whom something is read otherwise since a mapping was made or undone: those of the next stretch of the log, up
    to `until`. None where all were told."""
    claimed = cur.execute(CLAIM, (until,)).fetchone()
    if claimed is None:
        return None
    id_, source, kind, after = claimed
    end = min(until, after + STRETCH)
    rows = cur.execute(NEXT, (after, end, source, kind, BATCH)).fetchall()
    reached = rows[-1][0] if len(rows) == BATCH else end
    cur.execute(REACHED, (None if reached == until else reached, id_))
    known = log.recognised(cur, {anonymous for _, person, anonymous in rows if person is None and anonymous})
    return {person or known[anonymous][0] for _, person, anonymous in rows if person or anonymous in known}


def _check(told: Name, kind: str, renames: Map[str, str]) -> None:
    if kind not in mapped.targets(is_server=told.is_server):
        raise InputError(
            "kind",
            Words("Ereignisse dieses Schlüssels werden nicht zu dieser Art.", "This key's events do not become that."),
            Words("Wählen Sie eine Art aus der Liste.", "Choose a kind from the list."),
        )
    if len(set(renames.values())) < len(renames):
        raise InputError(
            "renames",
            Words("Zwei Felder bekommen denselben Namen.", "Two properties get the same name."),
            Words("Wählen Sie für jedes ein anderes.", "Choose a different one for each."),
        )
