"""What comes back of a mail that has left, from mail services (events as django-anymail normalises them). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from einklang.loop.channels.contract import Outcome, Receipt
from einklang.loop.channels.email import provider

# No such mailbox, no such domain, address not valid, mailbox disabled (RFC 3463). A full mailbox, a refused content or
# a policy say nothing against the address.
SPEAKS_AGAINST_ADDRESS = re.compile(r"\b5\.(?:1\.(?:[0-46]|10)|2\.1)\b")
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
OUR_MESSAGE_ID = re.compile(r"<([0-9a-f-]{36})(?:\.r\d+)?@.+>")
LONGEST_DETAIL = 500
NO_MAILBOX = {550, 551, 553}
OUTCOMES: dict[str, Outcome] = {
    "delivered": "delivered",
    "bounced": "bounced",
    "rejected": "bounced",
    "failed": "bounced",
}
Said = Literal["complained", "unsubscribed"]


class Event(Protocol):
    """What anymail hands out, as far as it is read here."""

    event_type: str
    timestamp: datetime | None
    message_id: str | None
    metadata: Mapping[str, Any] | None
    reject_reason: str | None
    description: str | None
    mta_response: str | None
    esp_event: Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """The recipient wants no more mail: told to her mailbox as spam, or to the mail service."""

    message: UUID
    said: Said


def receipts(events: Iterable[Event], now: datetime) -> list[Receipt]:
    """Opened and clicked stays with us, and only by consent; what is put off ends as delivered or bounced."""
    return [
        Receipt(message, OUTCOMES[event.event_type], min(event.timestamp or now, now), detail(event), permanent(event))
        for event in events
        if event.event_type in OUTCOMES and (message := message_of(event))
    ]


def refusals(events: Iterable[Event]) -> list[Refusal]:
    said: tuple[Said, ...] = ("complained", "unsubscribed")
    found = ((message_of(event), event.event_type) for event in events)
    return [Refusal(message, each) for message, kind in found for each in said if message and kind == each]


def message_of(event: Event) -> UUID | None:
    named = (event.metadata or {}).get(provider.NAME)
    ours = OUR_MESSAGE_ID.fullmatch(event.message_id or "")
    try:
        return UUID(str(named)) if named else UUID(ours[1]) if ours else None
    except ValueError:
        return None


def detail(event: Event) -> str:
    said = event.mta_response or event.description or event.reject_reason or event.event_type
    return str(said)[:LONGEST_DETAIL]


def permanent(event: Event) -> bool:
    """Does it speak against the address itself?"""
    if OUTCOMES.get(event.event_type) != "bounced":
        return False
    if event.event_type == "rejected":
        return event.reject_reason in ("invalid", "bounced")
    told = event.esp_event if isinstance(event.esp_event, dict) else {}
    status = told.get("event-data", {}).get("delivery-status", {})
    said = " ".join(str(each) for each in (status.get("enhanced-code"), event.mta_response, event.description) if each)
    if ENHANCED.search(said):
        return bool(SPEAKS_AGAINST_ADDRESS.search(said))
    return told.get("Type") == "HardBounce" or status.get("code") in NO_MAILBOX


def all_of(payload: Any) -> Sequence[Event] | None:
    """None where it is no list of events."""
    fields = Event.__annotations__
    whole = isinstance(payload, list) and all(hasattr(each, name) for each in payload for name in fields)
    return payload if whole else None
