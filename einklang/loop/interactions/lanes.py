"""Sharing the lanes of a consumer among workers, while they work.

Ranges that stand at the same place may be cut anew in any way: nothing is skipped, nothing is read twice. Workers take
the range most behind first, so all stand close together; those behind catch up here, while nobody else can move.
"""

from __future__ import annotations

from datetime import datetime

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.loop.interactions import consumers
from einklang.loop.interactions.consumers import LANES, Consumer, Range

RANGES = "SELECT lane_from, lane_to, pos FROM interactions_checkpoint WHERE consumer = %s ORDER BY lane_from"
CLEAR = "DELETE FROM interactions_checkpoint WHERE consumer = %s"
CUT = """
INSERT INTO interactions_checkpoint (consumer, lane_from, lane_to, pos, moved_at)
SELECT %s, lane_from, lane_to, %s, %s FROM unnest(%s::smallint[], %s::smallint[]) AS t (lane_from, lane_to)
"""


def ranges(cur: Cursor, consumer: str) -> list[Range]:
    """Empty before it ever ran."""
    return [Range(*row) for row in cur.execute(RANGES, (consumer,))]


def split(cur: Cursor, consumer: Consumer, number: int, now: datetime, limit: int = 1000) -> bool:
    """Shares the lanes anew among so many ranges, 1 for a single one. False where some were too far behind to catch up
    in a batch: commit what they did and call again."""
    if not 1 <= number <= LANES:
        raise InputError("number", f"{number} ranges are not possible.", f"Choose 1 to {LANES}.")
    consumers.register(cur, consumer.name, now)
    held = [Range(*row) for row in cur.execute(f"{RANGES} FOR UPDATE", (consumer.name,))]
    if sum(each.last - each.first + 1 for each in held) < LANES:
        return False  # somebody else cut them meanwhile
    foremost = max(each.pos for each in held)
    for each in held:
        consumers.advance_range(cur, consumer, each, until=foremost, now=now, limit=limit)
    if consumers.checkpoint(cur, consumer.name) < foremost:
        return False
    bounds = [LANES * each // number for each in range(number + 1)]
    cur.execute(CLEAR, (consumer.name,))
    cur.execute(CUT, (consumer.name, foremost, now, bounds[:-1], [bound - 1 for bound in bounds[1:]]))
    return True
