"""The people who work here: invited, given roles, territories and proofs, and sent away. Each act leaves its trace.

`version` is what the caller saw: who comes second with an older one is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.facts.people import checks, roles

TAKEN = (
    Words("Diese Adresse hat schon ein Konto.", "This address has an account already."),
    Words("Suchen Sie es in der Liste.", "Find it in the list."),
)
UNKNOWN_ROLE = (
    Words("Wählen Sie mindestens eine Rolle der Liste.", "Choose at least one role of the list."),
    Words("Fachkreise bekommen ihr Konto im Portal.", "Professionals get their account in the portal."),
)
NAMELESS = (Words("Der Name fehlt.", "The name is missing."), Words("Vor- und Nachname.", "First and last name."))
LAST_ADMINISTRATOR = (
    Words("Das ist das letzte Konto, das verwalten darf.", "This is the last account that may administrate."),
    Words("Geben Sie die Rolle vorher jemand anderem.", "Give the role to somebody else first."),
)
UNREASONED = (Words("Der Grund fehlt.", "The reason is missing."), Words("Ein Satz genügt.", "One sentence will do."))
CHANGED = Words("Jemand anders hat dieses Konto geändert.", "Somebody else has changed this account.")

COLUMNS = (
    "id, email, name, roles, locale, is_active, version, created_at, last_login, left(password, 1) NOT IN ('', '!')"
)
LIST = f"""
    SELECT {COLUMNS} FROM people_user
    WHERE person_id IS NULL AND roles <> '{{}}' AND (%(role)s = '' OR %(role)s = ANY(roles))
      AND (%(active)s::bool IS NULL OR is_active = %(active)s)
      AND (%(text)s = '' OR strpos(lower(name || ' ' || email), lower(%(text)s)) > 0)
    ORDER BY lower(name), id LIMIT %(limit)s
"""
HOLD = f"SELECT {COLUMNS} FROM people_user WHERE id = %s FOR UPDATE"
ADMINISTRATORS = "SELECT id FROM people_user WHERE %s = ANY(roles) AND is_active ORDER BY id FOR UPDATE"
INSERT = """
    INSERT INTO people_user (id, email, name, roles, locale, password, is_active, is_superuser, version, created_at)
    VALUES (%s, %s, %s, %s, %s, %s, true, false, 1, %s) ON CONFLICT (email) DO NOTHING
"""


class Account(NamedTuple):
    id: UUID
    email: str
    name: str
    roles: Sequence[str]
    locale: str
    is_active: bool
    version: int
    created_at: datetime | None
    last_login: datetime | None
    has_password: bool


@dataclass(frozen=True, slots=True)
class By:
    """Who changes, and why (GXP-08)."""

    user: UUID | None
    reason: str
    source: str = "studio"


def listing(
    cur: Cursor, *, text: str = "", role: str = "", active: bool | None = None, limit: int = 500
) -> list[Account]:
    values = {"text": text, "role": role, "active": active, "limit": limit}
    return [Account(*row) for row in cur.execute(LIST, values)]


def get(cur: Cursor, user: UUID) -> Account:
    row = cur.execute(HOLD.removesuffix(" FOR UPDATE"), (user,)).fetchone()
    if row is None:
        raise NotFound(str(user))
    return Account(*row)


def anybody(cur: Cursor) -> bool:
    """Does somebody administrate this installation?"""
    found = "SELECT EXISTS (SELECT FROM people_user WHERE %s = ANY(roles) AND is_active)"
    row = cur.execute(found, (roles.ADMINISTRATOR,)).fetchone()
    return bool(row and row[0])


def hold_all(cur: Cursor) -> None:
    """Nobody else makes or changes accounts until the end of the transaction; reading goes on."""
    cur.execute("LOCK TABLE people_user IN SHARE ROW EXCLUSIVE MODE")


def create(
    cur: Cursor, *, email: str, name: str, roles: Iterable[str], by: By, now: datetime, locale: str = "de",
    password: str = "",
) -> UUID:  # fmt: skip
    """`password` is a hash; without one nobody can log in before the invitation was followed."""
    address, given, wanted = checks.email(email), _name(name), _known(roles)
    user = ids.new()
    cur.execute(INSERT, (user, address, given, wanted, locale, password, now))
    if not cur.rowcount:
        raise InputError("email", *TAKEN)
    _trace(cur, "user.create", user, by, now, field="roles", new=wanted)
    return user


def give_roles(cur: Cursor, user: UUID, wanted: Iterable[str], *, version: int, by: By, now: datetime) -> None:
    """A role that is taken away ends at the user's next click: roles are read with each request."""
    chosen = _known(wanted)
    account = _held(cur, user, version)
    if chosen == sorted(account.roles):
        return
    if roles.ADMINISTRATOR not in chosen:
        _refuse_last(cur, user, "roles")
    cur.execute("UPDATE people_user SET roles = %s, version = version + 1 WHERE id = %s", (chosen, user))
    _trace(cur, "user.roles", user, by, now, field="roles", old=sorted(account.roles), new=chosen)


def rename(cur: Cursor, user: UUID, name: str, locale: str, *, version: int, by: By, now: datetime) -> None:
    account, given = _held(cur, user, version), _name(name)
    if (given, locale) == (account.name, account.locale):
        return
    cur.execute(
        "UPDATE people_user SET name = %s, locale = %s, version = version + 1 WHERE id = %s", (given, locale, user)
    )
    _trace(cur, "user.rename", user, by, now, field="name")


def deactivate(cur: Cursor, user: UUID, *, version: int, by: By, now: datetime) -> None:
    _switch(cur, user, active=False, version=version, by=by, now=now)


def reactivate(cur: Cursor, user: UUID, *, version: int, by: By, now: datetime) -> None:
    _switch(cur, user, active=True, version=version, by=by, now=now)


def note(cur: Cursor, act: str, user: UUID, by: By, now: datetime, **change: Any) -> None:
    """What happened to an account outside of this table: a territory, sessions, a second factor."""
    _trace(cur, act, user, by, now, **change)


def hold(cur: Cursor, user: UUID) -> Account:
    row = cur.execute(HOLD, (user,)).fetchone()
    if row is None:
        raise NotFound(str(user))
    return Account(*row)


def _switch(cur: Cursor, user: UUID, *, active: bool, version: int, by: By, now: datetime) -> None:
    account = _held(cur, user, version)
    if account.is_active == active:
        return
    if not active:
        _refuse_last(cur, user, "is_active")
    cur.execute("UPDATE people_user SET is_active = %s, version = version + 1 WHERE id = %s", (active, user))
    act = "user.reactivate" if active else "user.deactivate"
    _trace(cur, act, user, by, now, field="is_active", old=not active, new=active)


def _held(cur: Cursor, user: UUID, version: int) -> Account:
    account = hold(cur, user)
    if account.version != version:
        raise Conflict(CHANGED)
    return account


def _refuse_last(cur: Cursor, user: UUID, field: str) -> None:
    """Locks all administrators, so that two of them cannot remove each other at once."""
    if [one for (one,) in cur.execute(ADMINISTRATORS, (roles.ADMINISTRATOR,))] == [user]:
        raise InputError(field, *LAST_ADMINISTRATOR)


def _known(wanted: Iterable[str]) -> list[str]:
    chosen = sorted(set(wanted))
    if not chosen or not roles.STAFF.issuperset(chosen):
        raise InputError("roles", *UNKNOWN_ROLE)
    return chosen


def _name(value: str) -> str:
    name = checks.line("name", value)
    if not name:
        raise InputError("name", *NAMELESS)
    return name


def _trace(cur: Cursor, act: str, user: UUID, by: By, now: datetime, **change: Any) -> None:
    reason = by.reason.strip()
    if not reason:
        raise InputError("reason", *UNREASONED)
    told = trail.Act(act=act, object=f"user:{user}", who=by.user, reason=reason, source=by.source, **change)
    trail.write(cur, [told], now)
