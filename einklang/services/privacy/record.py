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

Subject = UUID | str  # a person, or the anonymous id of a browser
Evidence = dict[str, Any]

CHANGED = "consent.changed"
RECENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`channel` is where it was said."""

    subject: Subject
    permission: str
    state: str
    evidence: Evidence
    channel: str
    grade: str | None = None
    wording: UUID | None = None
    locale: str = "de"


def current(cur: Cursor, subject: Subject, permission: str) -> Status | None:
    return consent.status(cur, [subject])[subject].get(permission)


def write(cur: Cursor, change: Change, now: datetime) -> UUID:
    """Into ledger and log; id of the ledger entry."""
    entry = append(cur, change, now)
    tell(cur, change, entry, now)
    return entry


def append(cur: Cursor, change: Change, now: datetime) -> UUID:
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
    return entry_id


def tell(cur: Cursor, change: Change, entry: UUID, now: datetime, message: UUID | None = None) -> None:
    """`message` is the mail that asks to confirm."""
    properties = {"permission": change.permission, "state": change.state}
    told = make.interaction(
        CHANGED,
        now=now,
        source="consent",
        source_id=str(entry),
        purpose="service",
        person=change.subject if isinstance(change.subject, UUID) else None,
        anonymous=change.subject if isinstance(change.subject, str) else None,
        channel=change.channel,
        message=message,
        properties=properties | ({"grade": change.grade} if change.grade else {}),
    )
    log.record(cur, [told])


def asked_by(cur: Cursor, person: UUID, entry: UUID) -> UUID | None:
    """The mail that asked to confirm this entry."""
    told = log.person_history(cur, [person], kinds=[CHANGED], limit=RECENT)
    return next((each.message for each in told if each.source_id == str(entry)), None)
