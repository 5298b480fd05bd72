"""The log of a session's own, with what it needs of the real one (see people.shadow)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.shadow import cover
from einklang.loop.interactions import log, partitions
from einklang.loop.interactions.types import Entry

FAR_AHEAD = 10**9  # its positions are no writer's, so what it announces holds no reader back
MONTH = timedelta(days=28)


def happened(cur: Cursor, kinds: Collection[str], since: datetime) -> list[Entry]:
    """Of the real log, by known people, in log order."""
    query = (
        f"{log.READ} WHERE person IS NOT NULL AND kind = ANY(%s) AND received_at >= %s AND NOT is_machine ORDER BY pos"
    )
    rows = cur.execute(query, (list(kinds), since))
    names = (*log.COLUMNS, "pos", "lane")
    return [Entry(**dict(zip(names, row, strict=True))) for row in rows]


def cover_log(cur: Cursor, persons: Collection[UUID], since: datetime, until: datetime) -> None:
    last = log.safe_position(cur)
    cover(cur, "interactions_log", "person = ANY(%s) AND received_at >= %s", [list(persons), since])
    cover(cur, "interactions_key")
    cur.execute(f"CREATE TEMPORARY SEQUENCE interactions_pos AS bigint START {last + FAR_AHEAD}")
    for month in partitions.months(_moments(since, until)):
        cur.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS interactions_log_{month:%Y%m} ()")  # there is room for it


def _moments(since: datetime, until: datetime) -> Sequence[datetime]:
    return [since + number * MONTH for number in range((until - since) // MONTH + 1)] + [until]
