from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID


@dataclass(slots=True, kw_only=True)
class Interaction:
    """Something between the company and a customer. `anonymous` names who it was until a person is known.

    Nobody changes one; it is not frozen because that makes each three times as dear.
    """

    id: UUID
    occurred_at: datetime
    received_at: datetime
    kind: str
    channel: str
    initiator: str  # company (push), customer (pull), unknown
    unit: str  # sales, marketing, medical, support, system
    purpose: str  # promotional, medical, service, transactional, safety
    depth: int  # 0 noticed … 3 talked or ordered
    person: UUID | None = None
    anonymous: str | None = None
    organisation: UUID | None = None
    content: UUID | None = None  # a frozen version
    key_message: str | None = None
    journey: UUID | None = None  # a journey version
    message: UUID | None = None
    event: UUID | None = None
    is_machine: bool = False
    cost: Decimal | None = None  # EUR, variable cost only
    properties: dict[str, Any] = field(default_factory=dict)
    source: str
    source_id: str  # unique within the source: the same again is not recorded again


@dataclass(slots=True, kw_only=True)
class Entry(Interaction):
    """An interaction at its place in the log."""

    pos: int
    lane: int


class Recorded(NamedTuple):
    pos: int
    id: UUID
