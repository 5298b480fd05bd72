"""What waits for whom: reviews, changes, expiries, and what a new Fachinformation asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words

REVIEW, CHANGES, EXPIRY, RECHECK, INFORM = "review", "changes", "expiry", "recheck", "inform"
TIME = {
    REVIEW: timedelta(days=5),
    CHANGES: timedelta(days=5),
    RECHECK: timedelta(days=14),
    INFORM: timedelta(days=7),
}
NOT_THERE = Words("Diese Aufgabe gibt es nicht mehr.", "This task is no longer there.")

ADD = """
INSERT INTO approval_task (id, kind, role, key, version_id, product_id, created_at, due_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
ADD_NEW = """
INSERT INTO approval_task (id, kind, role, key, version_id, created_at, due_at)
SELECT told.* FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::timestamptz[],
    %s::timestamptz[]) AS told (id, kind, role, key, version, created_at, due_at)
WHERE NOT EXISTS (
    SELECT FROM approval_task t
    WHERE t.kind = told.kind AND t.role = told.role AND t.key = told.key AND t.version_id = told.version
)
"""
SUPERSEDE = """
UPDATE approval_task t SET done_at = %s
FROM unnest(%s::text[], %s::uuid[], %s::text[]) AS told (kind, version, key)
WHERE t.kind = told.kind AND t.version_id = told.version AND t.key <> told.key AND t.done_at IS NULL
"""
CLOSE = """
UPDATE approval_task SET done_at = %(now)s, done_by_id = %(user)s
WHERE version_id = %(version)s AND done_at IS NULL
    AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s)) AND (%(role)s::text IS NULL OR role = %(role)s)
"""
FINISH = """
UPDATE approval_task SET done_at = %s, done_by_id = %s
WHERE id = %s AND role = ANY(%s) AND done_at IS NULL RETURNING id
"""
WAITING = """
SELECT id, kind, role, key, version_id, product_id, created_at, due_at FROM approval_task
WHERE done_at IS NULL AND role = ANY(%s) ORDER BY due_at, id LIMIT %s
"""
COUNT = "SELECT count(*) FROM approval_task WHERE done_at IS NULL AND role = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Duty:
    id: UUID
    kind: str
    role: str
    key: str
    version: UUID | None
    product: UUID | None
    created_at: datetime
    due_at: datetime

    def overdue(self, now: datetime) -> bool:
        return self.due_at < now


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    kind: str
    role: str
    key: str
    version: UUID
    due_at: datetime


def add(cur: Cursor, kind: str, roles: Iterable[str], now: datetime, *, version: UUID | None = None,
        product: UUID | None = None, key: str = "") -> None:  # fmt: skip
    for role in roles:
        cur.execute(ADD, (ids.new(), kind, role, key, version, product, now, now + TIME[kind]))


def add_new(cur: Cursor, wanted: Iterable[Wanted], now: datetime) -> int:
    """Only what was never asked, done or not."""
    rows = [(ids.new(), each.kind, each.role, each.key, each.version, now, each.due_at) for each in wanted]
    return cur.execute(ADD_NEW, [list(column) for column in zip(*rows, strict=True)]).rowcount if rows else 0


def supersede(cur: Cursor, wanted: Iterable[Wanted], now: datetime) -> None:
    """Open tasks of the same kind and version under another key are settled by these."""
    rows = [(each.kind, each.version, each.key) for each in wanted]
    if rows:
        cur.execute(SUPERSEDE, (now, *(list(column) for column in zip(*rows, strict=True))))


def close(
    cur: Cursor,
    version: UUID,
    now: datetime,
    *,
    user: UUID | None = None,
    kinds: Iterable[str] | None = None,
    role: str | None = None,
) -> None:
    wanted = list(kinds) if kinds is not None else None
    cur.execute(CLOSE, {"version": version, "now": now, "user": user, "kinds": wanted, "role": role})


def finish(cur: Cursor, task: UUID, *, user: UUID, roles: Iterable[str], now: datetime) -> None:
    if cur.execute(FINISH, (now, user, task, list(roles))).fetchone() is None:
        raise NotFound(NOT_THERE)


def waiting(cur: Cursor, roles: Iterable[str], limit: int = 200) -> list[Duty]:
    """The most urgent first."""
    return [Duty(*row) for row in cur.execute(WAITING, (list(roles), limit))]


def count(cur: Cursor, roles: Iterable[str]) -> int:
    row = cur.execute(COUNT, (list(roles),)).fetchone()
    return row[0] if row else 0
