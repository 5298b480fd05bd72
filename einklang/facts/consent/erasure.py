"""Consents end with the person; what proves them stays under the rule. Then its plain text goes, the chain stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.erasure import RESTRICTED, Ageing, Outcome, Room, erased, rows
from einklang.core.pg import Cursor
from einklang.facts.consent import ledger, status
from einklang.facts.consent.chain import subject_key
from einklang.facts.consent.permissions import PERMISSIONS

ENTRIES = """
SELECT e.id, e.permission, e.channel, e.purpose, e.state, e.grade, e.at, e.source, e.locale,
       w.version AS wording_version, w.text AS wording, v.plain AS evidence, e.sha256
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
WHERE e.subject = %s ORDER BY e.position
"""
WISHES = "SELECT frequency, channels, paused_until, pause_visits, changed_at FROM consent_preference WHERE person = %s"
FORGET_WISHES = "DELETE FROM consent_preference WHERE person = %s"
PROOFS = "SELECT count(*), max(at) FROM consent_entry WHERE subject = %s"
# Used for the last time: when the last consent of the chain ended. A chain in which one still holds is in use.
UNUSED = """
SELECT v.entry, last.at FROM consent_evidence v JOIN consent_entry e ON e.id = v.entry
JOIN (SELECT subject, max(at) AS at FROM consent_entry GROUP BY subject) AS last USING (subject)
WHERE last.at < %s AND NOT EXISTS (
    SELECT FROM consent_current c WHERE c.state IN ('granted', 'pending')
      AND coalesce('person:' || c.person, 'anonymous:' || c.anonymous) = e.subject
)
"""
OLDER = f"SELECT count(*), min(at) FROM ({UNUSED}) AS unused"
SOME = f"SELECT entry FROM ({UNUSED}) AS unused ORDER BY at LIMIT %s"


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {
        "consent_proof": rows(cur, ENTRIES, (subject_key(person),)),
        "preferences": rows(cur, WISHES, (person,)),
    }


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    _end(cur, person, now)
    wishes = cur.execute(FORGET_WISHES, (person,)).rowcount
    proofs, last = cur.execute(PROOFS, (subject_key(person),)).fetchone() or (0, None)
    outcomes = [erased("preferences", wishes)]
    if proofs:
        outcomes.append(Outcome(record_class="consent_proof", result=RESTRICTED, count=proofs, since=last))
    return outcomes


def _end(cur: Cursor, person: UUID, now: datetime) -> None:
    """The chain says itself that nothing holds any more."""
    open_ = [
        name for name, each in status.status(cur, [person])[person].items() if each.state in ("granted", "pending")
    ]
    ended = [
        ledger.Entry(
            subject=person,
            permission=name,
            channel=PERMISSIONS[name].channel,
            purpose=PERMISSIONS[name].purpose,
            state="withdrawn",
            source="erasure",
        )
        for name in open_
        if PERMISSIONS[name].consent
    ]
    if ended:
        ledger.append(cur, ended, now)


def _older(cur: Cursor, before: datetime) -> tuple[int, datetime | None]:
    found: tuple[int, datetime | None] = cur.execute(OLDER, (before,)).fetchone() or (0, None)
    return found


def _drop(cur: Cursor, before: datetime, limit: int) -> int:
    entries = [entry for (entry,) in cur.execute(SOME, (before, limit)).fetchall()]
    ledger.erase_evidence(cur, entries)
    return len(entries)


ROOM = Room(
    name="consent",
    export=export,
    erase=erase,
    ageing=(Ageing(record_class="consent_proof", older=_older, drop=_drop),),
)
