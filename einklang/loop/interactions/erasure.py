"""What happened stays counted; that it was she is forgotten. Tracking older than its limit is added up by month and
leaves the log, one month's part after the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import Ageing, Outcome, Room, erased, rows, unlocked
from einklang.core.pg import Cursor
from einklang.loop.interactions import kinds, partitions

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
LOG = "interactions_log"
NAMES = "SELECT anonymous FROM interactions_log WHERE kind = 'person.identified' AND person = %s"
ACTIVE = "SELECT DISTINCT person FROM interactions_log WHERE received_at >= %s AND person IS NOT NULL"
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
    names = _names(cur, person)
    found = [row for query in _everywhere(cur, SHOWN) for row in rows(cur, query, names)]
    found.sort(key=lambda row: row["occurred_at"])
    told: dict[str, Any] = {"tracking": [], "contacts": []}
    for each in found:
        told["tracking" if each.pop("is_tracking") else "contacts"].append(each)
    return told


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    names = _names(cur, person)
    for query in _everywhere(cur, FORGET_KEYS):
        cur.execute(query, names)
    with unlocked(cur):
        numbers = [cur.execute(query, names).fetchone() or (0, 0) for query in _everywhere(cur, UNLINK)]
    tracking, contacts = (sum(each) for each in zip(*numbers, strict=True))
    return [erased("tracking", tracking), erased("contacts", contacts)]


def active_since(cur: Cursor, moment: datetime) -> frozenset[UUID]:
    """Persons of whom the log has anything since then."""
    queries = _everywhere(cur, ACTIVE)
    return frozenset(person for query in queries for (person,) in cur.execute(query, (moment,)).fetchall())


def _everywhere(cur: Cursor, query: str) -> list[str]:
    """The same for the log and for each month that was set aside: out of the readers' sight, not out of the law's."""
    return [query.replace(LOG, table) for table in (LOG, *partitions.aside(cur))]


def _names(cur: Cursor, person: UUID) -> dict[str, Any]:
    found = {name for query in _everywhere(cur, NAMES) for (name,) in cur.execute(query, (person,)).fetchall()}
    return {"person": person, "anonymous": sorted(found), "tracked": list(TRACKED)}


def _older(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    values = {"before": before, "tracked": list(TRACKED)}
    found = [cur.execute(query, values).fetchone() or (0, None) for query in _everywhere(cur, OLDER)]
    return sum(number for number, _ in found), min((oldest for _, oldest in found if oldest), default=None)


def _drop(cur: Cursor, before: datetime, limit: int) -> int:
    dropped = 0
    with unlocked(cur):
        for query in _everywhere(cur, DROP):
            values = {"before": before, "limit": limit - dropped, "tracked": list(TRACKED)}
            row = cur.execute(query, values).fetchone()
            dropped += row[0] if row else 0
    return dropped


ROOM = Room(
    name="interactions",
    export=export,
    erase=erase,
    ageing=(Ageing(record_class="tracking", older=_older, drop=_drop),),
)
