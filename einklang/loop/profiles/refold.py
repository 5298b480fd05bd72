"""What is read otherwise since a mapping of event names was made or undone is folded again, some persons at a time."""

from __future__ import annotations

from einklang.core.pg import Cursor
from einklang.loop.interactions import consumers, mapping
from einklang.loop.profiles.consumer import NAME
from einklang.loop.profiles.rebuild import rebuild


def advance(cur: Cursor) -> int:
    """How many persons, at least 1 where there may be more to do. What the profiles read later they read as it is."""
    persons = mapping.next_persons(cur, consumers.checkpoint(cur, NAME))
    if persons is None:
        return 0
    rebuild(cur, persons)
    return max(1, len(persons))
