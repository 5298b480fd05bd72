from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from einklang.core.pg import Cursor

COUNT = """
INSERT INTO portal_view_count (content, day, n) VALUES (%s, %s, 1)
ON CONFLICT (content, day) DO UPDATE SET n = portal_view_count.n + 1
"""


def count(cur: Cursor, content: UUID, now: datetime) -> None:
    """Without a person: what is left where nobody may be remembered."""
    cur.execute(COUNT, (content, timezone.localtime(now).date()))
