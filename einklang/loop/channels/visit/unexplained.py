"""Visits and calls that were reported and of which the log knows nothing; none in a house that is whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import unexplained as log
from einklang.loop.interactions.horizon import HORIZON

SOURCE = "visit"  # of what the log knows from here
BATCH = 2_000
HELD = f"""
SELECT id FROM visit_report WHERE held_at >= %(since)s AND (%(after)s::uuid IS NULL OR id > %(after)s)
ORDER BY id LIMIT {BATCH}
"""


def held_unlogged(cur: Cursor, now: datetime) -> Iterator[UUID]:
    wanted = {"since": now - HORIZON, "after": None}
    while held := [report for (report,) in cur.execute(HELD, wanted).fetchall()]:
        wanted["after"] = held[-1]
        known = log.known(cur, SOURCE, [str(each) for each in held])
        yield from (each for each in held if str(each) not in known)
