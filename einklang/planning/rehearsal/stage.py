"""A session in which a journey can be played: the tables that the loop writes are copies, the rest is read only.

PostgreSQL itself sees to it that nothing else is touched: the session's transactions are read-only, in which only
temporary tables can be written.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Connection, Cursor
from einklang.facts.people.shadow import cover_people
from einklang.loop.decide.journeys.shadow import cover_journeys
from einklang.loop.gate.shadow import cover_gate
from einklang.loop.interactions.shadow import cover_log

BACK = timedelta(days=62)  # what contact limits and recognised browsers look at


def build(connection: Connection, persons: Collection[UUID], now: datetime, until: datetime) -> Cursor:
    """The connection stays in autocommit; it serves for nothing else afterwards."""
    cur = connection.cursor()
    cover_people(cur, persons)
    cover_log(cur, persons, now - BACK, until)
    cover_gate(cur, persons)
    cover_journeys(cur, persons)
    cur.execute("SET default_transaction_read_only = on")
    return cur
