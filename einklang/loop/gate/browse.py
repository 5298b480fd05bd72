"""Messages for people who look after them: by filter, page after page, and as the mail that they are."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.channels.email.letter import LetterError
from einklang.loop.gate import letters, outbox, verdicts
from einklang.loop.gate.outbox import Message

FILTERS = {
    "state": "state = %({name})s",
    "states": "state = ANY(%({name})s)",
    "channel": "channel = %({name})s",
    "purpose": "purpose = %({name})s",
    "contents": "content = ANY(%({name})s)",
    "journeys": "journey = ANY(%({name})s)",
    "person": "recipient_kind = 'person' AND recipient = %({name})s",
    "since": "created_at >= %({name})s",
    "before": "created_at < %({name})s",
    "beyond": "(created_at, id) < (SELECT created_at, id FROM gate_message WHERE id = %({name})s)",
}
HIDDEN = "https://…"
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
LIVE = re.compile(r"""\s(?:href|src|background)=(?:"[^"]*"|'[^']*')|<img[^>]*>""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preview:
    """No link and no picture is left: to look at a mail is not its reader's click, and its keys are hers alone."""

    subject: str
    to: str
    text: str
    html: str
    measured: bool


def listing(cur: Cursor, *, limit: int = 50, **wanted: Any) -> list[Message]:
    """Newest first; `wanted` are FILTERS."""
    where, values = _condition(wanted)
    return outbox.select(
        cur, f"WHERE {where} ORDER BY created_at DESC, id DESC LIMIT %(limit)s", {**values, "limit": limit}
    )


def total(cur: Cursor, *, most: int, **wanted: Any) -> int:
    """How many `listing` would give, as far as `most`."""
    where, values = _condition(wanted)
    found = f"SELECT count(*) FROM (SELECT FROM gate_message WHERE {where} LIMIT %(most)s) AS found"
    return int((cur.execute(found, {**values, "most": most}).fetchone() or (0,))[0])


def states(cur: Cursor, messages: Collection[UUID]) -> dict[UUID, str]:
    return {id_: message.state for id_, message in outbox.get(cur, messages).items()}


def judged(cur: Cursor, messages: Collection[UUID]) -> dict[UUID, UUID]:
    """Message → the verdict with which it left, or with which it was planned."""
    return {id_: message.dispatch_verdict or message.verdict for id_, message in outbox.get(cur, messages).items()}


def preview(cur: Cursor, message: Message, now: datetime) -> Preview | None:
    """As it was sent, or as it would be sent now; None where no mail can be made of it."""
    verdict = verdicts.get(cur, message.dispatch_verdict or message.verdict).verdict
    try:
        material = letters.load(cur, [message])
        mime = letters.compose(_without_keys(message), verdict, material, message.sent_at or now).mime
    except LetterError:
        return None
    mail = message_from_bytes(mime, policy=policy.default)
    return Preview(
        str(mail["Subject"]),
        str(mail["To"]),
        ADDRESS.sub(HIDDEN, _part(mail, "plain")),
        ADDRESS.sub(HIDDEN, LIVE.sub("", _part(mail, "html"))),
        bool(verdict.flags.get("mail_tracking")),
    )


def _without_keys(message: Message) -> Message:
    """A login, a new password or a consent is given with such an address: whoever reads it can be its reader."""
    hidden = {name: HIDDEN if name.endswith("_url") else value for name, value in message.variables.items()}
    return replace(message, variables=hidden)


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def _condition(wanted: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    values = {name: value for name, value in wanted.items() if value is not None}
    return " AND ".join(FILTERS[name].format(name=name) for name in values) or "true", values
