from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import consumers
from einklang.loop.profiles.consumer import NAME, folded_anew, hold, write


def rebuild(cur: Cursor, persons: Iterable[UUID]) -> None:
    """Folds them from the beginning of the log up to where the consumer stands: the same bytes, unless the fold
    changed."""
    reached = consumers.checkpoint(cur, NAME)
    write(cur, [folded_anew(cur, each.person, max(each.pos, reached)) for each in hold(cur, persons)])
