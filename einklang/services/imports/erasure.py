"""What the imports hold of a person: what files changed about her, and the numbers of consents."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import erasure
from einklang.core.pg import Cursor

CHANGES = "SELECT batch_id, row, result, before, after FROM imports_change WHERE subject = %s ORDER BY id"
FORGET_CHANGES = "DELETE FROM imports_change WHERE subject = %s"
FORGET_DECIDED = "DELETE FROM imports_reference WHERE namespace = 'consent' AND value LIKE %s"


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    rows = cur.execute(CHANGES, (person,)).fetchall()
    return {
        "imports": [
            {"import": str(batch), "row": row, "result": result, "before": before, "after": after}
            for batch, row, result, before, after in rows
        ]
    }


def erase(cur: Cursor, person: UUID, now: datetime) -> list[erasure.Outcome]:
    changes = cur.execute(FORGET_CHANGES, (person,)).rowcount
    decided = cur.execute(FORGET_DECIDED, (f"{person}:%",)).rowcount
    return [erasure.erased("imports", changes + decided)]


ROOM = erasure.Room(name="imports", export=export, erase=erase)
