"""The house-keeping of kept files, once in a while: none outlives its time, its import or the person that it names."""

from __future__ import annotations

from datetime import datetime, timedelta

from einklang.bridges.imports import batches, files
from einklang.core import clock
from einklang.core.pg import Cursor
from einklang.facts.people import suppressed

ORPHANED = timedelta(days=1)  # by then every upload has been committed or rolled back
LATE = timedelta(days=2)
KNOWN = "SELECT id FROM imports_batch WHERE file_erased_at IS NULL"


def keep(cur: Cursor, now: datetime) -> None:
    batches.erase_old_files(cur, now)
    known = {batch for (batch,) in cur.execute(KNOWN).fetchall()}
    for batch in files.older(clock.real_now() - ORPHANED) - known:
        files.erase(batch)


def empty_again(cur: Cursor, now: datetime) -> int:
    """The rows of those who were erased lately: whoever erased them may have died before the files were written. Takes
    as long as reading the files does, so it is done outside of transactions."""
    gone = suppressed.digests_since(cur, now - LATE)
    if not gone:
        return 0
    kept = [batch for (batch,) in cur.execute(KNOWN).fetchall()]
    return sum(files.blank(batch, lambda cell: _identifies(cell) and suppressed.digest(cell) in gone) for batch in kept)


def _identifies(cell: str) -> bool:
    """Addresses and numbers do; most cells are neither, and a digest takes its time."""
    return "@" in cell or any(sign.isdigit() for sign in cell)
