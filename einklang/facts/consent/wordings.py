"""The words of every question, by version. All languages of a version begin to count together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.consent.permissions import PERMISSIONS

NOT_COMPLETE = Words(
    "Ein Text gehört zu einer Erlaubnis und ist nicht leer.", "A text has a permission and is not empty."
)
NOT_THERE = Words("Diesen Text gibt es nicht.", "There is no such text.")

CURRENT = """
SELECT DISTINCT ON (permission) id, permission, version, locale, text, sha256 FROM consent_wording
WHERE permission = ANY(%s) AND locale = %s AND valid_from <= %s
ORDER BY permission, version DESC
"""
GET = "SELECT id, permission, version, locale, text, sha256 FROM consent_wording WHERE id = %s"
NEXT = "SELECT coalesce(max(version), 0) + 1 FROM consent_wording WHERE permission = %s"
INSERT = """
INSERT INTO consent_wording (id, permission, version, locale, text, sha256, valid_from)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Wording:
    id: UUID
    permission: str
    version: int
    locale: str
    text: str
    sha256: str


def current(cur: Cursor, permission: str, locale: str, now: datetime) -> Wording | None:
    return current_all(cur, [permission], locale, now).get(permission)


def current_all(cur: Cursor, permissions: Iterable[str], locale: str, now: datetime) -> dict[str, Wording]:
    return {row[1]: Wording(*row) for row in cur.execute(CURRENT, (list(permissions), locale, now))}


def get(cur: Cursor, wording: UUID) -> Wording | None:
    row = cur.execute(GET, (wording,)).fetchone()
    return Wording(*row) if row else None


def publish(cur: Cursor, permission: str, texts: Mapping[str, str], now: datetime) -> int:
    """A new version from `now` on; `texts` by locale. Two at once: the second fails on its version number."""
    if permission not in PERMISSIONS or not texts or not all(text.strip() for text in texts.values()):
        raise InputError("wording", NOT_COMPLETE)
    version = int(cur.execute(NEXT, (permission,)).fetchone()[0])  # type: ignore[index]
    rows = [
        (ids.new(), permission, version, locale, text, ids.digest(text.encode()), now) for locale, text in texts.items()
    ]
    cur.executemany(INSERT, rows)
    return version


def digests(cur: Cursor, wording_ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = set(wording_ids)
    if not wanted:
        return {}
    rows = cur.execute("SELECT id, sha256 FROM consent_wording WHERE id = ANY(%s)", (list(wanted),))
    found = dict(rows.fetchall())
    if wanted - found.keys():
        raise InputError("wording", NOT_THERE)
    return found
