"""What a reviewer has to have opened before she may sign, written down by the page that showed it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.content.read import Version
from einklang.facts.products import read as products

DIFFERENCE, REFERENCES, SMPC = "difference", "references", "smpc"

OPEN = """
INSERT INTO approval_opened (id, version_id, user_id, sha256, what, at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING
"""
OPENED = "SELECT what, at FROM approval_opened WHERE version_id = %s AND user_id = %s AND sha256 = %s"
DECLARE = "INSERT INTO approval_declaration (user_id, text, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
DECLARED = "SELECT at FROM approval_declaration WHERE user_id = %s"


def opened(cur: Cursor, content: Version, what: str, user: UUID, now: datetime) -> None:
    """Called by the page that shows it; an unknown name is a mistake of the caller."""
    name = names(cur, content, now)[what]
    cur.execute(OPEN, (ids.new(), content.id, user, content.sha256, name, now))


def seen(cur: Cursor, content: Version, user: UUID, now: datetime) -> dict[str, datetime | None]:
    """What there is to open, and since when she has seen it: this text, and the Fachinformation that is valid now."""
    known = dict(cur.execute(OPENED, (content.id, user, content.sha256)).fetchall())
    return {what: known.get(name) for what, name in names(cur, content, now).items()}


def names(cur: Cursor, content: Version, now: datetime) -> dict[str, str]:
    found = {DIFFERENCE: DIFFERENCE, REFERENCES: REFERENCES}
    if content.authorisation:
        current = products.smpc_valid(cur, [content.authorisation], now).get(content.authorisation)
        found[SMPC] = f"{SMPC}:{current.version if current else 'none'}"
    return found


def declare(cur: Cursor, user: UUID, text: str, now: datetime) -> None:
    cur.execute(DECLARE, (user, text, now))


def declared(cur: Cursor, user: UUID) -> datetime | None:
    row = cur.execute(DECLARED, (user,)).fetchone()
    return row[0] if row else None
