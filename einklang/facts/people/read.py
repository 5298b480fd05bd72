"""People as the rest of the house sees them: bulk reads in one query each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import names

LEVELS = ("self_declared", "third_party", "document", "eid")  # the strongest last

CARDS = """
SELECT p.id, p.salutation, p.title, p.given_name, p.family_name, p.profession, p.specialty, p.market, p.land, p.locale,
       p.email, p.phone, coalesce(o.name, ''), coalesce(o.street, ''), coalesce(o.postcode, ''), coalesce(o.city, '')
FROM people_person p LEFT JOIN people_organisation o ON o.id = p.organisation_id
"""
VERIFIED = """
SELECT DISTINCT ON (person_id) person_id, role, level, valid_until
FROM people_verification
WHERE person_id = ANY(%(persons)s) AND verified_at <= %(now)s
  AND (valid_until IS NULL OR valid_until > %(now)s) AND (revoked_at IS NULL OR revoked_at > %(now)s)
ORDER BY person_id, array_position(%(levels)s::text[], level) DESC NULLS LAST, valid_until DESC NULLS FIRST
"""
QUALIFIED = """
SELECT DISTINCT user_id FROM people_qualification
WHERE user_id = ANY(%(users)s) AND valid_from <= %(now)s AND (valid_until IS NULL OR valid_until > %(now)s)
"""
USERS = "SELECT id, email, name, person_id, roles, locale, is_active FROM people_user WHERE id = ANY(%s)"


class PersonCard(NamedTuple):
    id: UUID
    salutation: str
    title: str
    given_name: str
    family_name: str
    profession: str
    specialty: str
    market: str
    land: str
    locale: str
    email: str
    phone: str
    organisation: str
    street: str
    postcode: str
    city: str

    @property
    def display_name(self) -> str:
        return names.display_name(self.title, self.given_name, self.family_name)

    @property
    def short_name(self) -> str:
        return self.short("de")

    @property
    def initials(self) -> str:
        return names.initials(self.given_name, self.family_name)

    @property
    def address(self) -> tuple[str, ...]:
        """The lines of a label."""
        lines = (self.organisation, self.display_name, self.street, f"{self.postcode} {self.city}".strip())
        return tuple(line for line in lines if line)

    def short(self, locale: str) -> str:
        return names.short_name(self.salutation, self.title, self.family_name, locale)

    def greeting(self, locale: str) -> str:
        return names.greeting(self.salutation, self.title, self.given_name, self.family_name, locale)


class UserCard(NamedTuple):
    id: UUID
    email: str
    name: str
    person: UUID | None
    roles: Sequence[str]
    locale: str
    is_active: bool


class Verification(NamedTuple):
    role: str
    level: str
    valid_until: datetime | None


def cards(cur: Cursor, persons: Iterable[UUID]) -> dict[UUID, PersonCard]:
    rows = cur.execute(CARDS + "WHERE p.id = ANY(%s)", (list(persons),)).fetchall()
    return {row[0]: PersonCard(*row) for row in rows}


def users(cur: Cursor, user_ids: Iterable[UUID]) -> dict[UUID, UserCard]:
    rows = cur.execute(USERS, (list(user_ids),)).fetchall()
    return {row[0]: UserCard(*row) for row in rows}


def logins(cur: Cursor, persons: Iterable[UUID]) -> list[UUID]:
    """Users behind which these persons stand."""
    rows = cur.execute("SELECT id FROM people_user WHERE person_id = ANY(%s)", (list(persons),)).fetchall()
    return [user for (user,) in rows]


def user(cur: Cursor, user_id: UUID) -> UserCard | None:
    return users(cur, [user_id]).get(user_id)


def verified(cur: Cursor, persons: Iterable[UUID], now: datetime) -> dict[UUID, Verification]:
    """The strongest proof of profession that is valid now; a person without one is missing."""
    rows = cur.execute(VERIFIED, {"persons": list(persons), "now": now, "levels": list(LEVELS)}).fetchall()
    return {person: Verification(role, level, until) for person, role, level, until in rows}


def qualified(cur: Cursor, users: Iterable[UUID], now: datetime) -> set[UUID]:
    """Users who may inform about medicines (§ 75 AMG)."""
    return {user for (user,) in cur.execute(QUALIFIED, {"users": list(users), "now": now})}
