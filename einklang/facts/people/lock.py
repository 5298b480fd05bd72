"""One lock per person: caps, quotas, withdrawals and merges of a person cannot race."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.errors import LockError

HOLD = "SELECT person FROM people_lock WHERE person = ANY(%s) ORDER BY person FOR NO KEY UPDATE"


def hold(cur: Cursor, person_ids: Iterable[UUID]) -> None:
    """Until the end of the caller's transaction. The query sorts, so that two batches never wait in a circle."""
    wanted = set(person_ids)
    if not wanted:
        return
    held = {person for (person,) in cur.execute(HOLD, (list(wanted),)).fetchall()}
    if missing := wanted - held:
        raise LockError(f"{len(missing)} of {len(wanted)} persons could not be locked, first {min(missing)}.")
