"""The way out of every mail (DE-CON-07): its signed address is enough, however old the mail is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.errors import NotFound
from einklang.core.pg import Cursor
from einklang.facts.people.errors import LockError
from einklang.loop.gate import links, queue
from einklang.loop.gate.changes import Evidence
from einklang.services.privacy import acts


def whom(cur: Cursor, token: str) -> UUID | None:
    """None where nobody knows any more to whom the mail went. Raises `BadToken`."""
    link = links.read(token, "stop")
    if link.person:
        return link.person
    try:
        return queue.get(cur, link.message).person
    except NotFound:
        return None


def unsubscribe(cur: Cursor, token: str, *, evidence: Evidence, now: datetime) -> bool:
    """False where there is nobody any more whom it could stop. Raises `BadToken`."""
    person = whom(cur, token)
    if person is None:
        return False
    shown = {**evidence, "message": str(links.read(token, "stop").message)}
    try:
        acts.withdraw(cur, person=person, permission="email", evidence=shown, now=now, channel="email")
    except LockError:  # erased
        return False
    return True
