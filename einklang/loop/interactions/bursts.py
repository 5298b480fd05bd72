"""A scanner that comes as a plain browser is recognised at its third link (`machines.py`). The log keeps its first ones
as they came; they are read as the machine's once the log says that it was one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions.machines import BURST, BURST_SECONDS
from einklang.loop.interactions.types import Entry

CLICKED = "email.clicked"
RECOGNISED = """
SELECT message, occurred_at FROM interactions_log
WHERE person = ANY(%s) AND message = ANY(%s) AND kind = 'email.clicked' AND is_machine AND properties ->> 'machine' = %s
"""


def recognised(entry: Entry) -> bool:
    """From here on, what came before is read otherwise."""
    return entry.is_machine and entry.properties.get("machine") == BURST["id"]


def read(cur: Cursor, entries: Sequence[Entry]) -> list[Entry]:
    """One more query, and only where somebody clicked in a mail."""
    clicks = [each for each in entries if _open(each)]
    if not clicks:
        return list(entries)
    found: dict[UUID, list[datetime]] = defaultdict(list)
    persons = list({each.person for each in clicks if each.person})
    for message, at in cur.execute(RECOGNISED, (persons, list({each.message for each in clicks}), BURST["id"])):
        found[message].append(at)
    return [replace(each, is_machine=True) if _open(each) and _within(each, found) else each for each in entries]


def _open(entry: Entry) -> bool:
    return entry.kind == CLICKED and entry.message is not None and not entry.is_machine


def _within(entry: Entry, found: dict[UUID, list[datetime]]) -> bool:
    moments: Iterable[datetime] = found.get(entry.message, ()) if entry.message else ()
    return any(timedelta(0) <= at - entry.occurred_at <= timedelta(seconds=BURST_SECONDS) for at in moments)
