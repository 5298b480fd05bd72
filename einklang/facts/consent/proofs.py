"""Entries of the ledger with all that proves them (DE-CON-04), also of what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.facts.consent.chain import subject_key

ENTRY = """
SELECT e.id, e.subject, e.position, e.legal_entity, e.permission, e.channel, e.purpose, e.state, e.grade, e.locale,
       e.source, e.at, e.wording, e.wording_sha256, w.version, w.text, v.plain, e.previous, e.sha256
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
"""
OF_SUBJECT = "WHERE e.subject = %s AND e.legal_entity = %s ORDER BY e.position"
LATER = "WHERE e.subject = %s AND e.permission = %s AND e.position > %s ORDER BY e.position"
PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry with what was asked; `evidence` is JSON, None once it was erased."""

    id: UUID
    subject: str
    position: int
    legal_entity: str
    permission: str
    channel: str
    purpose: str
    state: str
    grade: str | None
    locale: str
    source: str
    at: datetime
    wording: UUID | None
    wording_sha256: str | None
    wording_version: int | None
    wording_text: str | None
    evidence: str | None
    previous: str
    sha256: str

    @property
    def person(self) -> UUID | None:
        """None for a browser without a person."""
        return UUID(self.subject.removeprefix(PERSON)) if self.subject.startswith(PERSON) else None


def get(cur: Cursor, entry: UUID) -> tuple[Proof, list[Proof]] | None:
    """The entry, and what was said later about the same permission."""
    row = cur.execute(f"{ENTRY} WHERE e.id = %s", (entry,)).fetchone()
    if row is None:
        return None
    said = Proof(*row)
    rows = cur.execute(f"{ENTRY} {LATER}", (said.subject, said.permission, said.position))
    return said, [Proof(*each) for each in rows]


def history(cur: Cursor, subject: UUID | str) -> list[Proof]:
    """Oldest first."""
    rows = cur.execute(f"{ENTRY} {OF_SUBJECT}", (subject_key(subject), settings.get().legal_entity))
    return [Proof(*row) for row in rows]
