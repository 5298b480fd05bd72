from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from einklang.core import ids
from einklang.core.errors import InputError
from einklang.loop.interactions import kinds
from einklang.loop.interactions.types import Interaction


def interaction(
    kind: str,
    *,
    now: datetime,
    source: str = "einklang",
    source_id: str | None = None,
    occurred_at: datetime | None = None,
    purpose: str = "promotional",
    person: UUID | None = None,
    properties: dict[str, Any] | None = None,
    **more: Any,
) -> Interaction:
    """Channel, initiator, depth and unit come from the registry unless given. Raises `InputError` where the kind
    lacks a required property. Without `source_id` it is an event of its own, recorded at every call."""
    found = kinds.check(kind, properties or {})
    if found:
        raise InputError(found[0][0], found[0][1])
    told = kinds.kind(kind)
    new = ids.new()
    given: dict[str, Any] = {
        "channel": told.channel,
        "initiator": told.initiator,
        "depth": told.depth,
        "unit": told.unit,
    } | more
    return Interaction(
        id=new,
        occurred_at=occurred_at or now,
        received_at=now,
        kind=kind,
        purpose=purpose,
        person=person,
        properties=properties or {},
        source=source,
        source_id=source_id or str(new),
        **given,
    )
