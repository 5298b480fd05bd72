"""What people decide about their data, many decisions at once: into ledger and log, and out of the queue goes what they
ended. The caller holds the persons' locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.consent import ledger
from einklang.facts.consent.permissions import PERMISSIONS
from einklang.loop.gate import door, queue
from einklang.loop.interactions import log, make
from einklang.loop.interactions.types import Interaction

Subject = UUID | str  # a person, or the anonymous id of a browser
Evidence = dict[str, Any]

CHANGED = "consent.changed"
ENDS = ("withdrawn", "objected")
# What waits in the queue and must not leave any more: rule and channel (None: every channel).
STOPS: dict[str, tuple[str, str | None]] = {
    "email": ("DE-CON-07", "email"),
    "phone": ("DE-CON-07", "phone"),
    "visit": ("DE-CON-11", "visit"),
    "marketing": ("EU-DP-10", None),
}
STOPPED = ("promotional", "medical")  # what needs a consent or no objection; the rest she asked for or needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`channel` is where it was said; `message` and `journey` what she answered by it, if that is known."""

    subject: Subject
    permission: str
    state: str
    evidence: Evidence
    channel: str
    grade: str | None = None
    wording: UUID | None = None
    locale: str = "de"
    message: UUID | None = None
    journey: UUID | None = None


def write(cur: Cursor, changes: Sequence[Change], now: datetime) -> list[UUID]:
    """Ids of the ledger entries. Of several changes of one permission the last one holds."""
    entries = append(cur, changes, now)
    tell(cur, changes, entries, now)
    _stop(cur, changes, now)
    return entries


def append(cur: Cursor, changes: Sequence[Change], now: datetime) -> list[UUID]:
    return ledger.append(cur, [_entry(change) for change in changes], now)


def tell(
    cur: Cursor, changes: Sequence[Change], entries: Sequence[UUID], now: datetime, message: UUID | None = None
) -> None:
    """`message` is the mail that asks to confirm."""
    log.record(cur, [_told(change, entry, now, message) for change, entry in zip(changes, entries, strict=True)])


def _entry(change: Change) -> ledger.Entry:
    known = PERMISSIONS[change.permission]
    return ledger.Entry(
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


def _told(change: Change, entry: UUID, now: datetime, message: UUID | None) -> Interaction:
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
        message=message or change.message,
        journey=change.journey,
        properties=properties | ({"grade": change.grade} if change.grade else {}),
    )


def _stop(cur: Cursor, changes: Sequence[Change], now: datetime) -> None:
    last = {(change.subject, change.permission): change.state for change in changes}
    ended: dict[str, list[UUID]] = defaultdict(list)
    for (subject, permission), state in last.items():
        if state in ENDS and permission in STOPS and isinstance(subject, UUID):
            ended[permission].append(subject)
    for permission, persons in ended.items():
        rule, channel = STOPS[permission]
        door.withhold(cur, queue.ids(cur, persons=persons, channel=channel, purposes=STOPPED), rule, now)
