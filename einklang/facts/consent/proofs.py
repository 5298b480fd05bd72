"""One entry of the ledger with all that proves it (DE-CON-04)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor

ENTRY = """
SELECT e.id, e.subject, e.position, e.legal_entity, e.permission, e.channel, e.purpose, e.state, e.grade, e.locale,
       e.source, e.at, e.wording_sha256, w.version, w.text, v.plain, e.previous, e.sha256
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
"""
LATER = "WHERE e.subject = %s AND e.permission = %s AND e.position > %s ORDER BY e.position"
PERSON = "person:"


@dataclass(frozen=True, slots=True)
class Proof:
    """`evidence` is JSON, None once it was erased."""

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
    wording_sha256: str | None
    wording_version: int | None
    wording: str | None
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
