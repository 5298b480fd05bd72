"""Whose eyes the database sees through: row level security on the tables of persons (migration 0003).

Inside, the connection is the role `einklang_face`, which meets the policies: a rep sees the persons of her territories,
a professional herself. Log, limits and quotas have no policy, or they would count with a rep's eyes and fail open.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal
from uuid import UUID

import psycopg

from einklang.core.pg import Cursor

ENTER = """
SELECT set_config('einklang.viewer', %s, false), set_config('einklang.now', %s, false),
       set_config('role', 'einklang_face', false)
"""
LEAVE = "SELECT set_config('role', 'none', false), set_config('einklang.viewer', '', false)"


def unveiled(cur: Cursor) -> None:
    """With nobody's eyes until the transaction or savepoint ends: pages may change less than the house itself."""
    cur.execute("SELECT set_config('role', 'none', true)")


@contextmanager
def seen_by(cur: Cursor, kind: Literal["rep", "person"], who: UUID, now: datetime) -> Iterator[None]:
    """`who` is a user for a rep, a person for herself."""
    cur.execute(ENTER, (f"{kind}:{who}", now.isoformat()))
    try:
        yield
    finally:
        try:
            cur.execute(LEAVE)
        except psycopg.Error:
            cur.connection.close()  # rather none than one that goes on with somebody's eyes
