"""A channel that keeps what it was given: for tests, rehearsals and first steps without a mail server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core.errors import InputError
from einklang.loop.channels.contract import Fate, Outcome, Outgoing, Receipt, Told, go_on


@dataclass
class FakeAdapter:
    """`outcomes` names the recipients whose messages end otherwise than `sent`."""

    channel: str = "email"
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    sent: list[Outgoing] = field(default_factory=list)

    def host(self) -> str:
        return "fake"

    def send(self, messages: Sequence[Outgoing], now: datetime, told: Told = go_on) -> list[Receipt]:
        receipts: list[Receipt] = []
        for message in messages:
            receipts.append(self._send(message, now))
            if not told(receipts[-1]):
                break
        return receipts

    def parse(self, payload: Any) -> list[Receipt]:
        if not isinstance(payload, list) or not all(isinstance(receipt, Receipt) for receipt in payload):
            raise InputError("payload", "The fake channel reports a list of receipts.")
        return payload

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Fate]:
        known = {message.message_id for message in self.sent}
        return {message.id: "sent" if message.message_id in known else "not_sent" for message in messages}

    def _send(self, message: Outgoing, now: datetime) -> Receipt:
        outcome = self.outcomes.get(message.recipient, "sent")
        if outcome == "sent":
            self.sent.append(message)
        return Receipt(message.id, outcome, now, detail=f"fake: {outcome}", permanent=outcome == "failed")
