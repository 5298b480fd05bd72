"""One act takes a content off every channel; before it, what that touches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.audit import trail
from einklang.facts.content import library, sign
from einklang.facts.content.read import Version
from einklang.loop.decide.journeys import store
from einklang.loop.gate import door, notes, queue
from einklang.services.approval import acts, duties

NO_REASON = (
    Words("Es fehlt der Grund.", "The reason is missing."),
    Words(
        "Er steht im Prüfprotokoll und bei jeder zurückgehaltenen Nachricht.",
        "It stands in the audit trail and with each withheld message.",
    ),
)


@dataclass(frozen=True, slots=True)
class Impact:
    """`journeys` by id and title, `messages` that wait to be sent, `mails` that lead to it."""

    journeys: list[tuple[UUID, Words]]
    messages: list[UUID]
    mails: list[str]


def impact(cur: Cursor, content: Version) -> Impact:
    versions = [version for version, *_ in library.versions(cur, content.slug)]
    using = {
        each.journey: Words(each.plan.title_de, each.plan.title_en)
        for each in store.running(cur)
        if content.slug in each.plan.contents
    }
    return Impact(list(using.items()), queue.ids(cur, contents=versions), library.linking(cur, content.slug))


def withdraw(cur: Cursor, version: UUID, *, reason: str, user: UUID, now: datetime) -> int:
    """How many messages were withheld."""
    if not reason.strip():
        raise InputError("reason", *NO_REASON)
    content = acts.get(cur, version)
    sign.withdraw(cur, version)
    waiting = impact(cur, content).messages
    why = notes.note(notes.CONTENT_WITHDRAWN, reason.strip())
    withheld = door.withhold(cur, waiting, why, now) if waiting else set()
    duties.close(cur, version, now, user=user)
    told = trail.Act(
        act="content.withdraw",
        object=f"content:{version}",
        who=user,
        field="messages",
        new=len(withheld),
        reason=reason.strip(),
    )
    trail.write(cur, [told], now)
    return len(withheld)
