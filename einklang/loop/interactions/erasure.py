"""What happened stays counted; that it was she is forgotten. Tracking older than its limit is added up by month and
leaves the log, one month's part after the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Ageing, Outcome, Room, erased, rows, unlocked
from einklang.core.pg import Cursor
from einklang.loop.interactions import kinds, log

TRACKED = ("content.viewed", "email.opened", "email.clicked", kinds.IDENTIFIED)
TRACKING = f"(kind = ANY(%(tracked)s) OR kind LIKE '{kinds.CUSTOM}%%')"
SHOWN = f"""
SELECT occurred_at, kind, channel, initiator, purpose, is_machine, properties, source, {TRACKING} AS is_tracking
FROM interactions_log
WHERE person = %(person)s OR person IS NULL AND anonymous = ANY(%(anonymous)s) ORDER BY occurred_at, pos
"""
UNLINK = f"""
WITH unlinked AS (
    UPDATE interactions_log SET person = NULL, anonymous = NULL, organisation = NULL, message = NULL,
        source_id = id::text, properties = CASE
            WHEN jsonb_typeof(properties -> 'content_slug') = 'string' AND kind = 'content.viewed'
            THEN jsonb_build_object('content_slug', properties -> 'content_slug', 'topics', properties -> 'topics')
            ELSE '{{}}' END
    WHERE person = %(person)s OR anonymous = ANY(%(anonymous)s)
    RETURNING {TRACKING} AS is_tracking
)
SELECT count(*) FILTER (WHERE is_tracking), count(*) FILTER (WHERE NOT is_tracking) FROM unlinked
"""
# Keys that name her; the others stay, so that an event told again is not written again.
FORGET_KEYS = """
DELETE FROM interactions_key AS k USING interactions_log AS l
WHERE (l.person = %(person)s OR l.anonymous = ANY(%(anonymous)s))
  AND (k.source, k.source_id) = (l.source, l.source_id)
  AND (l.source = 'identified' OR strpos(l.source_id, %(person)s::text) > 0)
"""
OLD = f"FROM interactions_log WHERE received_at < %(before)s AND {TRACKING}"
OLDER = f"SELECT count(*), min(received_at) {OLD}"
# The oldest first: one part of the log at a time is touched. What is added up names nobody.
DROP = f"""
WITH old AS (SELECT pos, received_at {OLD} ORDER BY received_at LIMIT %(limit)s),
gone AS (
    DELETE FROM interactions_log USING old
    WHERE interactions_log.pos = old.pos AND interactions_log.received_at = old.received_at
    RETURNING interactions_log.kind, interactions_log.content, interactions_log.occurred_at, interactions_log.is_machine
), counted AS (
    INSERT INTO interactions_month (month, kind, content, number)
    SELECT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date, kind, content, count(*) FROM gone
    WHERE NOT is_machine GROUP BY 1, 2, 3
    ON CONFLICT (month, kind, content) DO UPDATE SET number = interactions_month.number + excluded.number
)
SELECT count(*) FROM gone
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    found = rows(cur, SHOWN, _names(cur, person))
    told: dict[str, Any] = {"tracking": [], "contacts": []}
    for each in found:
        told["tracking" if each.pop("is_tracking") else "contacts"].append(each)
    return told


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    names = _names(cur, person)
    cur.execute(FORGET_KEYS, names)
    with unlocked(cur):
        tracking, contacts = cur.execute(UNLINK, names).fetchone() or (0, 0)
    return [erased("tracking", tracking), erased("contacts", contacts)]


def active_since(cur: Cursor, moment: datetime) -> frozenset[UUID]:
    """Persons of whom the log has anything since then."""
    query = "SELECT DISTINCT person FROM interactions_log WHERE received_at >= %s AND person IS NOT NULL"
    return frozenset(person for (person,) in cur.execute(query, (moment,)).fetchall())


def _names(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"person": person, "anonymous": list(log.anonymous_of(cur, [person])), "tracked": list(TRACKED)}


def _older(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    found = cur.execute(OLDER, {"before": before, "tracked": list(TRACKED)}).fetchone()
    return found or (0, None)


def _drop(cur: Cursor, before: datetime, limit: int) -> int:
    with unlocked(cur):
        row = cur.execute(DROP, {"before": before, "limit": limit, "tracked": list(TRACKED)}).fetchone()
    return row[0] if row else 0


ROOM = Room(
    name="interactions",
    export=export,
    erase=erase,
    ageing=(Ageing(record_class="tracking", older=_older, drop=_drop),),
)
