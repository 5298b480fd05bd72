"""What each subject allows now, for a whole batch in one query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor

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


class Status(NamedTuple):
    """`since` and `entry`: when and by which ledger entry this became so."""

    state: str
    grade: str | None
    since: datetime
    entry: UUID

    @property
    def granted(self) -> bool:
        return self.state == "granted"


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
