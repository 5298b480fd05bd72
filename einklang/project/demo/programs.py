"""Which other systems of the company use the API. Their secrets are thrown away: whoever wants to try makes a token."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.services.tokens import tokens


class Program(NamedTuple):
    name: str
    scopes: tuple[str, ...]
    since: int  # days ago
    days: int
    used: int | None  # hours ago
    revoked: int | None = None  # days ago


LAKE = ("people:read", "interactions:read", "messages:read", "verdicts:read", "contents:read")
PROGRAMS = (
    Program("CRM der Außendienstleitung", ("people:read", "consents:read", "interactions:write"), 40, 180, used=1),
    Program("Datenplattform", LAKE, 12, 90, used=9),
    Program("Serviceportal", ("requests:read", "requests:write", "people:read"), 25, 366, used=None),
    Program("Kampagnenwerkzeug (alt)", ("journeys:read", "contents:read"), 70, 90, used=1000, revoked=40),
)


def write(cur: Cursor, by: UUID, real_now: datetime) -> None:
    """Tokens live in real time."""
    for each in PROGRAMS:
        at = real_now - timedelta(days=each.since)
        token, secret = tokens.create(cur, name=each.name, scopes=each.scopes, by=by, now=at, days=each.days)
        known = tokens.recognise(cur, secret, at)
        if known and each.used is not None:
            tokens.note_use(cur, known, real_now - timedelta(hours=each.used))
        if each.revoked is not None:
            tokens.revoke(cur, token, by=by, now=real_now - timedelta(days=each.revoked))
