"""The way out of every mail (DE-CON-07): its signed address is enough, however old the mail is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.errors import LockError
from einklang.loop.channels.email import links
from einklang.loop.gate import queue
from einklang.loop.gate.changes import Evidence
from einklang.services.privacy import acts


def whom(cur: Cursor, token: str) -> UUID | None:
    """None where nobody knows any more to whom the mail went. Raises `BadToken`."""
    link = links.read(token, "stop")
    mail = None if link.person else queue.find(cur, link.message)
    return link.person or (mail.person if mail else None)


def unsubscribe(cur: Cursor, token: str, *, evidence: Evidence, now: datetime) -> bool:
    """False where there is nobody any more whom it could stop. Raises `BadToken`."""
    person = whom(cur, token)
    if person is None:
        return False
    message = links.read(token, "stop").message
    shown, mail = {**evidence, "message": str(message)}, queue.find(cur, message)
    try:
        acts.withdraw(cur, person=person, permission="email", evidence=shown, now=now, channel="email", mail=mail)
    except LockError:  # erased
        return False
    return True
