"""A database that was restored does not know what left after its backup. What it would send for that time is uncertain:
it goes, or does not, when people say so."""

from __future__ import annotations

from datetime import datetime

from einklang.core.pg import Cursor
from einklang.loop.channels.contract import Receipt
from einklang.loop.gate import notes, outbox, queue, receipts


def doubt_leaving(cur: Cursor, now: datetime) -> int:
    """What was just leaving when the backup was made."""
    left = queue.ids(cur, states=["sending"])
    return len(receipts.apply(cur, [Receipt(message, "uncertain", now, notes.RESTORED) for message in left], now))


def doubt_due(cur: Cursor, now: datetime) -> int:
    """What would have left by now. What is due later cannot have gone, and is judged again when its time comes."""
    return outbox.doubt(cur, notes.RESTORED, now)
