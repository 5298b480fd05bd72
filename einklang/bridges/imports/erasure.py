"""What the imports hold of a person: what files changed about her, and the numbers of consents."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from einklang.bridges.imports import files
from einklang.bridges.imports.persons import NAMESPACE
from einklang.core import erasure
from einklang.core.pg import Cursor
from einklang.facts.people import bulk, read

CHANGES = "SELECT batch_id, row, result, before, after FROM imports_change WHERE subject = %s ORDER BY id"
KEPT = "SELECT id FROM imports_batch WHERE file_erased_at IS NULL"
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
    """Her rows in the kept files are emptied where they stand, so that a run at work goes on: after the commit, since a
    file knows no way back, and reading it takes longer than her lock may be held."""
    hers, kept = files.named(_names(cur, person)), _kept(cur)
    transaction.on_commit(lambda: _empty(kept, hers))
    changes = cur.execute(FORGET_CHANGES, (person,)).rowcount
    decided = cur.execute(FORGET_DECIDED, (f"{person}:%",)).rowcount
    return [erasure.erased("imports", changes + decided)]


def _kept(cur: Cursor) -> list[UUID]:
    return [batch for (batch,) in cur.execute(KEPT).fetchall()]


def _empty(batches: Iterable[UUID], hers: Callable[[str], bool]) -> None:
    for batch in batches:
        files.blank(batch, hers)


def _names(cur: Cursor, person: UUID) -> set[str]:
    """What only her rows say: numbers and addresses. A name alone is not hers alone."""
    card = read.cards(cur, [person]).get(person)
    numbers = bulk.IDENTIFIER.find(cur, ("person_id",), [(person,)])
    aliases = bulk.ALIAS.find(cur, ("person_id",), [(person,)])
    found = {row["value"] for row in numbers}
    found |= {row["value"] for row in aliases if row["namespace"].startswith(NAMESPACE)}
    return found | ({card.email} if card and card.email else set())


ROOM = erasure.Room(name="imports", export=export, erase=erase)
