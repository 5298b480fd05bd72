"""Tokens with which other systems use the API: made, recognised, taken back. Time is real time: no demo moves it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.services.tokens.scopes import SCOPES

PREFIX = "ek_"  # so that scanners for secrets recognise it
DAYS, MOST_DAYS = 90, 366
LONGEST_NAME = 80
NOTED_EVERY = timedelta(minutes=1)  # when it was last used is for people: not worth a write at every call

NO_NAME = (Words("Der Name fehlt.", "The name is missing."), Words("Wer benutzt ihn?", "Who will use it?"))
LONG_NAME = (Words("Höchstens 80 Zeichen.", "At most 80 characters."), Words("Kürzen Sie ihn.", "Make it shorter."))
NO_SCOPE = (Words("Wählen Sie, was er darf.", "Choose what it may do."), Words("Mindestens eines.", "At least one."))
NO_DAYS = (Words("1 bis 366 Tage.", "1 to 366 days."), Words("Danach machen Sie einen neuen.", "Then make a new one."))
MADE = Words(
    "Dieses Token ist schon angelegt und wurde einmal gezeigt. Haben Sie es nicht mehr, legen Sie ein neues an.",
    "This token is made already and was shown once. If you no longer have it, make a new one.",
)
GONE = Words("Dieses Token gilt schon nicht mehr.", "This token is not valid any more.")

INSERT = """
INSERT INTO tokens_token (id, name, digest, ending, scopes, created_at, created_by_id, expires_at)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO NOTHING
"""
VALID = """
SELECT id, name, scopes, used_at FROM tokens_token WHERE digest = %s AND revoked_at IS NULL AND expires_at > %s
"""
LISTING = """
SELECT id, name, ending, scopes, created_at, created_by_id, expires_at, used_at, revoked_at FROM tokens_token
ORDER BY revoked_at IS NOT NULL, created_at DESC, id
"""


class Token(NamedTuple):
    """One that is valid."""

    id: UUID
    name: str
    scopes: Sequence[str]
    used_at: datetime | None


class Listed(NamedTuple):
    """One as people see it: by its last letters."""

    id: UUID
    name: str
    ending: str
    scopes: Sequence[str]
    created_at: datetime
    created_by: UUID | None
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        if self.revoked_at:
            return "revoked"
        return "valid" if self.expires_at > now else "expired"


def create(
    cur: Cursor,
    *,
    name: str,
    scopes: Sequence[str],
    by: UUID | None,
    now: datetime,
    days: int = DAYS,
    token: UUID | None = None,
) -> tuple[UUID, str]:
    """Its id, and the token itself, which nobody can be told again. Raises `Conflict` where the id that the caller
    chose is taken: the form was sent twice."""
    name = " ".join(name.replace("\0", "").split())
    _check(name, scopes, days)
    secret, token = PREFIX + secrets.token_urlsafe(32), token or ids.new()
    until = now + timedelta(days=days)
    kept = sorted(set(scopes))
    if not cur.execute(INSERT, (token, name, _digest(secret), secret[-4:], kept, now, by, until)).rowcount:
        raise Conflict(MADE)
    told = {"scopes": kept, "until": until.isoformat()}
    trail.write(cur, [trail.Act(act="token.create", object=f"token:{token}", who=by, new=told)], now)
    return token, secret


def recognise(cur: Cursor, secret: str, now: datetime) -> Token | None:
    row = cur.execute(VALID, (_digest(secret), now)).fetchone()
    return Token(*row) if row else None


def note_use(cur: Cursor, token: Token, now: datetime) -> None:
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        cur.execute("UPDATE tokens_token SET used_at = %s WHERE id = %s", (now, token.id))


def exists(cur: Cursor, token: UUID) -> bool:
    return cur.execute("SELECT FROM tokens_token WHERE id = %s", (token,)).fetchone() is not None


def listing(cur: Cursor) -> list[Listed]:
    """Those that are valid first."""
    return [Listed(*row) for row in cur.execute(LISTING)]


def revoke(cur: Cursor, token: UUID, *, by: UUID | None, now: datetime) -> str:
    """Its name. The next call with it is refused."""
    row = cur.execute("SELECT name, revoked_at FROM tokens_token WHERE id = %s FOR UPDATE", (token,)).fetchone()
    if row is None:
        raise NotFound(f"There is no token {token}.")
    if row[1]:
        raise Conflict(GONE)
    cur.execute("UPDATE tokens_token SET revoked_at = %s WHERE id = %s", (now, token))
    trail.write(cur, [trail.Act(act="token.revoke", object=f"token:{token}", who=by)], now)
    return str(row[0])


def _check(name: str, scopes: Sequence[str], days: int) -> None:
    if not name:
        raise InputError("name", *NO_NAME)
    if len(name) > LONGEST_NAME:
        raise InputError("name", *LONG_NAME)
    if not scopes or set(scopes) - SCOPES.keys():
        raise InputError("scopes", *NO_SCOPE)
    if not 1 <= days <= MOST_DAYS:
        raise InputError("days", *NO_DAYS)


def _digest(secret: str) -> str:
    return ids.digest(secret.encode())
