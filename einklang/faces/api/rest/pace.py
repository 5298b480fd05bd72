"""How often a token may call, over all web processes: a bucket that leaks, one row and one statement for each call."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor

A_SECOND = 50.0
AT_ONCE = 1000.0
LEAKED = "greatest(0, kept.level - %(rate)s * greatest(0, extract(epoch FROM excluded.at - kept.at)))"
POUR = f"""
INSERT INTO rest_pace AS kept (token, level, at) VALUES (%(token)s, 1, %(at)s)
ON CONFLICT (token) DO UPDATE SET level = {LEAKED} + 1, at = greatest(kept.at, excluded.at)
    WHERE {LEAKED} + 1 <= %(most)s
RETURNING level
"""


def allows(cur: Cursor, token: UUID, now: datetime) -> bool:
    """Commits by itself where the caller has no transaction, so that calls do not wait for each other's acts."""
    values = {"token": token, "at": now, "rate": A_SECOND, "most": AT_ONCE}
    return cur.execute(POUR, values).fetchone() is not None
