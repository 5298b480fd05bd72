"""What every channel that sends offers: hand over finished messages, read what comes back, answer after a crash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

Outcome = Literal["sent", "delivered", "failed", "deferred", "bounced", "uncertain"]
Fate = Literal["sent", "not_sent", "unknown"]
Fault = Literal["unreachable", "login", "unwritten", "refused", "broken", "failed"]
UNTOUCHED: frozenset[Fault] = frozenset({"unreachable", "login", "unwritten"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A finished message. `message_id` is the channel's own name of it, `claim` says who took it to send and when: by
    these a crash can be reconciled."""

    id: UUID
    message_id: str
    sender: str
    recipient: str
    mime: bytes
    subject: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """`permanent`: this address will never take a message. `uncertain`: it may have gone out, nobody can say.
    `fault`: it speaks against the way out and not against this message, which is as it was if `UNTOUCHED`."""

    id: UUID
    outcome: Outcome
    at: datetime
    detail: str = ""
    permanent: bool = False
    fault: Fault | None = None


Told = Callable[[Receipt], bool]


def go_on(_: Receipt) -> bool:
    return True


class Adapter(Protocol):
    channel: str

    def host(self) -> str:
        """Whom it hands over to, without secrets: when this one fails the channel rests, another one begins anew."""

    def send(self, messages: Sequence[Outgoing], now: datetime, told: Told = go_on) -> list[Receipt]:
        """At most some ten seconds. A message without a receipt was not attempted. Never raises for a bad message.
        `told` hears of each receipt at once and says whether to go on with the next message."""

    def parse(self, payload: Any) -> list[Receipt]:
        """What the provider reports later (delivered, bounced); raises `InputError` where it is not understood."""

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
        """After a crash: did these go out? `mime` is empty here; `unknown` where the channel cannot be asked."""
