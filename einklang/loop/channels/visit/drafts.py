"""A report that is being written, kept on the server with a version: of two open pages the second is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.errors import Conflict
from einklang.core.pg import Cursor
from einklang.core.words import Words

NEWER = Words(
    "Dieser Bericht wurde inzwischen auf einem anderen Gerät weitergeschrieben.",
    "This report was continued on another device in the meantime.",
)
GET = "SELECT fields, version, updated_at FROM visit_draft WHERE rep_id = %s AND person_id = %s AND channel = %s"
SAVE = """
INSERT INTO visit_draft (id, rep_id, person_id, channel, fields, version, updated_at)
VALUES (%(id)s, %(rep)s, %(person)s, %(channel)s, %(fields)s, 1, %(now)s)
ON CONFLICT (rep_id, person_id, channel) DO UPDATE
    SET fields = excluded.fields, version = visit_draft.version + 1, updated_at = excluded.updated_at
    WHERE visit_draft.version = %(base)s
RETURNING version
"""
DROP = "DELETE FROM visit_draft WHERE rep_id = %s AND person_id = %s AND channel = %s"


@dataclass(frozen=True, slots=True)
class Draft:
    fields: Mapping[str, Any]
    version: int
    updated_at: datetime


def get(cur: Cursor, *, rep: UUID, person: UUID, channel: str) -> Draft | None:
    row = cur.execute(GET, (rep, person, channel)).fetchone()
    return Draft(*row) if row else None


def save(
    cur: Cursor, *, rep: UUID, person: UUID, channel: str, fields: Mapping[str, Any], base: int, now: datetime
) -> int:
    """`base` is the version that the page was opened with, 0 for none; the answer is the new one."""
    wanted = {"id": ids.new(), "rep": rep, "person": person, "channel": channel, "base": base, "now": now}
    row = cur.execute(SAVE, wanted | {"fields": orjson.dumps(fields).decode()}).fetchone()
    if row is None:
        raise Conflict(NEWER)
    version: int = row[0]
    return version


def drop(cur: Cursor, *, rep: UUID, person: UUID, channel: str) -> None:
    cur.execute(DROP, (rep, person, channel))
