"""Mails that the house sends of itself: a new password, a confirmation, a safety report. Each is a released content
and asks the gate like every other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from einklang.core.errors import Conflict
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import read as content
from einklang.loop.gate import door
from einklang.loop.gate.question import Question, Recipient


class NotReleased(Conflict):
    """There is no mail to send: its content is not released."""

    def __init__(self, slug: str) -> None:
        super().__init__(Words(f"Die Mail „{slug}“ ist nicht freigegeben.", f"The mail “{slug}” is not released."))
        self.slug = slug


def plan(
    cur: Cursor,
    slug: str,
    recipient: Recipient,
    *,
    variables: dict[str, Any],
    now: datetime,
    purpose: str = "transactional",
    permission: str | None = None,
) -> door.Asked:
    mail = content.live(cur, [slug], now).get(slug)
    if mail is None:
        raise NotReleased(slug)
    question = Question("send", recipient, "email", purpose, content=mail.id, permission=permission, at=now)
    (asked,) = door.ask(cur, [question], now=now, messages=[door.MessageSpec(mail.id, variables=variables)])
    return asked
