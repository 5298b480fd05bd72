"""Delivery status notifications (RFC 3464): what a mail server writes back about a mail. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from uuid import UUID

from einklang.loop.channels.contract import Outcome, Receipt
from einklang.loop.channels.email.reports import LONGEST_DETAIL, SPEAKS_AGAINST_ADDRESS

OUTCOMES: dict[str, Outcome] = {
    "failed": "bounced",
    "delivered": "delivered",
}  # `delayed` and `relayed` say nothing yet


def receipt(mail: bytes, message: UUID, now: datetime) -> Receipt | None:
    """What became of `message`, which the return address names; None where it is an answer of another kind."""
    for part in _statuses(mail):
        outcome = OUTCOMES.get(str(part.get("Action", "")).strip().lower())
        if outcome:
            status = str(part.get("Status", "")).strip()
            said = " ".join(f"{status} {part.get('Diagnostic-Code', '')}".split())
            return Receipt(message, outcome, now, said[:LONGEST_DETAIL], _against_address(outcome, status))
    return None


def _against_address(outcome: Outcome, status: str) -> bool:
    return outcome == "bounced" and bool(SPEAKS_AGAINST_ADDRESS.match(status))


def _statuses(mail: bytes) -> Iterator[Message]:
    """The parts about a recipient; the part about the reporting server has no `Action`."""
    for part in message_from_bytes(mail).walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (each for each in part.get_payload() if isinstance(each, Message))
