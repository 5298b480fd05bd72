"""What each subject allows now, for a whole batch in one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.facts.consent.chain import subject_key

Subject = TypeVar("Subject", bound=UUID | str)

STATUS = """
SELECT {subject}, permission, state, grade, since, entry FROM consent_current
WHERE {subject} = ANY(%s) AND legal_entity = %s AND product IS NULL
"""
OF_PERSONS = STATUS.format(subject="person")
OF_ANONYMOUS = STATUS.format(subject="anonymous")
ANSWERED = """
SELECT DISTINCT person FROM consent_current
WHERE person = ANY(%s) AND legal_entity = %s AND product IS NULL AND permission = ANY(%s) AND state = ANY(%s)
"""
HISTORY = """
SELECT e.id, e.permission, e.state, e.grade, e.at, e.source, e.locale, e.wording, w.version, w.text, v.plain
FROM consent_entry e LEFT JOIN consent_wording w ON w.id = e.wording LEFT JOIN consent_evidence v ON v.entry = e.id
WHERE e.subject = %s AND e.legal_entity = %s ORDER BY e.position
"""


class Status(NamedTuple):
    """`since` and `entry`: when and by which ledger entry this became so."""

    state: str
    grade: str | None
    since: datetime
    entry: UUID

    @property
    def granted(self) -> bool:
        return self.state == "granted"


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry with what was asked; `evidence` is JSON, None once it was erased."""

    entry: UUID
    permission: str
    state: str
    grade: str | None
    at: datetime
    source: str
    locale: str
    wording: UUID | None
    wording_version: int | None
    wording_text: str | None
    evidence: str | None


def status(cur: Cursor, subjects: Iterable[Subject]) -> dict[Subject, dict[str, Status]]:
    """Every subject has its answers by permission; what was never asked is missing there."""
    found: dict[Subject, dict[str, Status]] = {subject: {} for subject in subjects}
    persons = [subject for subject in found if isinstance(subject, UUID)]
    anonymous = [subject for subject in found if isinstance(subject, str)]
    answers: dict[Any, dict[str, Status]] = dict(found)
    for query, keys in ((OF_PERSONS, persons), (OF_ANONYMOUS, anonymous)):
        if keys:
            rows = cur.execute(query, (keys, settings.get().legal_entity)).fetchall()
            for subject, permission, *answer in rows:
                answers[subject][permission] = Status(*answer)
    return found


def answered(cur: Cursor, persons: Iterable[UUID], permissions: Sequence[str], states: Sequence[str]) -> set[UUID]:
    """Those among them of whom one of these permissions stands in one of these states."""
    asked = (list(persons), settings.get().legal_entity, list(permissions), list(states))
    return {person for (person,) in cur.execute(ANSWERED, asked)}


def history(cur: Cursor, subject: UUID | str) -> list[Proof]:
    """Oldest first: the proof of DE-CON-04, also of what was withdrawn."""
    return [Proof(*row) for row in cur.execute(HISTORY, (subject_key(subject), settings.get().legal_entity))]
