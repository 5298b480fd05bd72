"""What stands of a person's decisions."""

from __future__ import annotations

from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.consent import status as consent
from einklang.facts.consent.status import Status
from einklang.loop.gate.changes import CHANGED, Subject
from einklang.loop.interactions import log

RECENT = 100


def current(cur: Cursor, subject: Subject, permission: str) -> Status | None:
    return consent.status(cur, [subject])[subject].get(permission)


def asked_by(cur: Cursor, person: UUID, entry: UUID) -> UUID | None:
    """The mail that asked to confirm this entry."""
    told = log.person_history(cur, [person], kinds=[CHANGED], limit=RECENT)
    return next((each.message for each in told if each.source_id == str(entry)), None)
