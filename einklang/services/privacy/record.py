"""One change of mind in ledger and log. The caller holds the person's lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.consent import ledger
from einklang.facts.consent import status as consent
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.facts.consent.status import Status
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction

Subject = UUID | str  # a person, or the anonymous id of a browser
Evidence = dict[str, Any]

CHANGED = "consent.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`channel` is where it was said, `message` the mail that asked for it."""

    subject: Subject
    permission: str
    state: str
    evidence: Evidence
    channel: str
    grade: str | None = None
    wording: UUID | None = None
    locale: str = "de"
    message: UUID | None = None


def current(cur: Cursor, subject: Subject, permission: str) -> Status | None:
    return consent.status(cur, [subject])[subject].get(permission)


def write(cur: Cursor, change: Change, now: datetime) -> UUID:
    """Id of the ledger entry."""
    known = PERMISSIONS[change.permission]
    entry = ledger.Entry(
        subject=change.subject,
        permission=change.permission,
        channel=known.channel,
        purpose=known.purpose,
        state=change.state,
        grade=change.grade,
        wording=change.wording,
        locale=change.locale,
        evidence=change.evidence,
        source=change.channel,
    )
    (entry_id,) = ledger.append(cur, [entry], now)
    log.record(cur, [_told(change, entry_id, now)])
    return entry_id


def _told(change: Change, entry: UUID, now: datetime) -> Interaction:
    properties = {"permission": change.permission, "state": change.state}
    return make.interaction(
        CHANGED,
        now=now,
        source="consent",
        source_id=str(entry),
        purpose="service",
        person=change.subject if isinstance(change.subject, UUID) else None,
        anonymous=change.subject if isinstance(change.subject, str) else None,
        channel=change.channel,
        message=change.message,
        properties=properties | ({"grade": change.grade} if change.grade else {}),
    )
