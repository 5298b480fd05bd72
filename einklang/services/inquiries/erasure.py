"""Safety reports are kept as they were heard (PV-10): the law that asks for them stands above an erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import RESTRICTED, Outcome, Room, rows
from einklang.core.pg import Cursor
from einklang.facts.people import read as people

# What somebody else told about her practice or her patients is not hers to read (Art. 15 (4) GDPR).
OWN = """
SELECT source, product, statement, heard_at, received_at FROM inquiries_safetyreport
WHERE reported_by = ANY(%s) ORDER BY received_at
"""
ABOUT = """
SELECT count(*), max(received_at) FROM inquiries_safetyreport WHERE person = %s OR reported_by = ANY(%s)
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"safety_reports": rows(cur, OWN, (people.logins(cur, [person]),))}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    number, last = cur.execute(ABOUT, (person, people.logins(cur, [person]))).fetchone() or (0, None)
    if not number:
        return []
    return [Outcome(record_class="safety_reports", result=RESTRICTED, count=number, since=last)]


ROOM = Room(name="inquiries", export=export, erase=erase)
