"""Which territory a rep works in, and the proof that she may inform about medicines (§ 75 AMG, DE-REP-01)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core.errors import InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.people import checks, users
from einklang.facts.people.users import By

KINDS = {
    "pharmareferent": Words("Geprüfter Pharmareferent", "Certified pharmaceutical representative"),
    "pharmacist": Words("Apothekerin oder Apotheker", "Pharmacist"),
    "degree": Words("Studium nach § 75 Abs. 2 AMG", "Degree named in § 75 (2) AMG"),
    "assistant": Words("PTA, CTA, BTA oder VTA nach § 75 AMG", "Technical assistant named in § 75 AMG"),
}
NO_KIND = (
    Words("Diesen Nachweis kennt § 75 AMG nicht.", "§ 75 AMG does not know this proof."),
    Words("Wählen Sie einen der Liste.", "Choose one of the list."),
)
NO_TERRITORY = (
    Words("Dieses Gebiet gibt es nicht.", "There is no such territory."),
    Words("Wählen Sie eines der Liste.", "Choose one of the list."),
)
BACKWARDS = (
    Words("Das Ende liegt vor dem Beginn.", "The end lies before the beginning."),
    Words("Wählen Sie einen späteren Tag.", "Choose a later day."),
)
TWICE = (
    Words("Dieses Gebiet ist in dieser Zeit schon zugeteilt.", "This territory is assigned at that time already."),
    Words("Beenden Sie erst die andere Zuteilung.", "End the other assignment first."),
)

TERRITORIES = "SELECT id, name FROM people_territory ORDER BY name"
ASSIGNMENTS = """
    SELECT r.id, r.user_id, t.id, t.name, r.since, r.until
    FROM people_territoryrep r JOIN people_territory t ON t.id = r.territory_id
    WHERE r.user_id = ANY(%s) ORDER BY r.since DESC, t.name
"""
OVERLAP = """
    SELECT EXISTS (SELECT FROM people_territoryrep WHERE user_id = %(user)s AND territory_id = %(territory)s
      AND (until IS NULL OR until > %(since)s) AND (%(until)s::timestamptz IS NULL OR since < %(until)s))
"""
ASSIGN = """
    INSERT INTO people_territoryrep (user_id, territory_id, since, until)
    VALUES (%(user)s, %(territory)s, %(since)s, %(until)s) RETURNING id
"""
END = """
    UPDATE people_territoryrep SET until = %(until)s
    WHERE id = %(id)s AND user_id = %(user)s AND (until IS NULL OR until > %(until)s) RETURNING id
"""
REOPEN = "UPDATE people_territoryrep SET until = NULL WHERE id = %s AND user_id = %s RETURNING id"
PROOFS = """
    SELECT id, user_id, kind, valid_from, valid_until FROM people_qualification
    WHERE user_id = ANY(%s) ORDER BY valid_from DESC, id DESC
"""
QUALIFY = """
    INSERT INTO people_qualification (user_id, kind, valid_from, valid_until)
    VALUES (%(user)s, %(kind)s, %(since)s, %(until)s) RETURNING id
"""
EXPIRE = "UPDATE people_qualification SET valid_until = %(until)s WHERE id = %(id)s AND user_id = %(user)s RETURNING id"


class Assignment(NamedTuple):
    id: int
    user: UUID
    territory: UUID
    name: str
    since: datetime
    until: datetime | None


class Proof(NamedTuple):
    id: int
    user: UUID
    kind: str
    since: datetime
    until: datetime | None

    @property
    def label(self) -> Words:
        return KINDS.get(self.kind, Words(self.kind, self.kind))


def territories(cur: Cursor) -> list[tuple[UUID, str]]:
    return cur.execute(TERRITORIES).fetchall()


def assignments(cur: Cursor, of: Iterable[UUID]) -> list[Assignment]:
    return [Assignment(*row) for row in cur.execute(ASSIGNMENTS, (list(of),))]


def proofs(cur: Cursor, of: Iterable[UUID]) -> list[Proof]:
    return [Proof(*row) for row in cur.execute(PROOFS, (list(of),))]


def assign(
    cur: Cursor, user: UUID, territory: UUID, *, since: datetime, until: datetime | None, by: By, now: datetime
) -> int:
    """Holds the account, so that two who assign at once do so one after the other."""
    users.hold(cur, user)
    values = {"user": user, "territory": territory, "since": since, "until": _after(since, until)}
    if territory not in dict(territories(cur)):
        raise InputError("territory", *NO_TERRITORY)
    if _one(cur, OVERLAP, values):
        raise InputError("territory", *TWICE)
    made: int = _one(cur, ASSIGN, values)
    told = {"territory": str(territory), "since": since.isoformat(), "until": until and until.isoformat()}
    users.note(cur, "user.assign", user, by, now, field="territory", new=told)
    return made


def end(cur: Cursor, user: UUID, assignment: int, *, until: datetime, by: By, now: datetime) -> None:
    if not _one(cur, END, {"id": assignment, "user": user, "until": until}):
        raise NotFound(str(assignment))
    users.note(cur, "user.unassign", user, by, now, field="territory", new=until.isoformat())


def reopen(cur: Cursor, user: UUID, assignment: int, *, by: By, now: datetime) -> None:
    """Takes the end back."""
    if not _one(cur, REOPEN, (assignment, user)):
        raise NotFound(str(assignment))
    users.note(cur, "user.assign", user, by, now, field="territory", new=None)


def qualify(
    cur: Cursor, user: UUID, kind: str, *, since: datetime, until: datetime | None, by: By, now: datetime
) -> int:
    if checks.line("kind", kind) not in KINDS:
        raise InputError("kind", *NO_KIND)
    users.hold(cur, user)
    made: int = _one(cur, QUALIFY, {"user": user, "kind": kind, "since": since, "until": _after(since, until)})
    users.note(cur, "user.qualify", user, by, now, field="qualification", new=kind)
    return made


def expire(cur: Cursor, user: UUID, proof: int, *, until: datetime, by: By, now: datetime) -> None:
    if not _one(cur, EXPIRE, {"id": proof, "user": user, "until": until}):
        raise NotFound(str(proof))
    users.note(cur, "user.disqualify", user, by, now, field="qualification", new=until.isoformat())


def _after(since: datetime, until: datetime | None) -> datetime | None:
    if until is not None and until <= since:
        raise InputError("until", *BACKWARDS)
    return until


def _one(cur: Cursor, query: str, values: Any) -> Any:
    row = cur.execute(query, values).fetchone()
    return row[0] if row else None
