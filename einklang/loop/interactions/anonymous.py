from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import kinds, log, make


def rejoin(cur: Cursor, anonymous: str, person: UUID, now: datetime) -> bool:
    """Says in the log who an anonymous id turned out to be; the profiles fold the joined history again when they come
    to that entry. False where the id was recognised before: the first finding stands."""
    entry = make.interaction(
        kinds.IDENTIFIED,
        now=now,
        purpose="service",
        person=person,
        anonymous=anonymous,
        source="identified",
        source_id=anonymous,
    )
    return bool(log.record(cur, [entry]))
