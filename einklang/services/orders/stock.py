"""What lies in the warehouse: units counted by batch, less what left since, less what is promised."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people.rows import Table

STOCK = Table(
    "orders_stock",
    {
        "id": "uuid",
        "pack": "uuid",
        "batch": "text",
        "expiry": "date",
        "counted": "integer",
        "counted_at": "timestamptz",
    },
)
SHELVES = """
SELECT c.pack, c.batch, c.expiry, c.counted, c.counted_at,
       c.counted - coalesce(sum(o.quantity) FILTER (WHERE s.dispatched_at >= c.counted_at), 0)
FROM orders_stock c
LEFT JOIN (orders_shipment s JOIN orders_order o ON o.id = s.order_id) ON o.pack = c.pack AND s.batch = c.batch
WHERE %(packs)s::uuid[] IS NULL OR c.pack = ANY(%(packs)s)
GROUP BY c.id ORDER BY c.expiry, c.batch
"""
PROMISED = "SELECT pack, sum(quantity) FROM orders_order WHERE state = 'requested' GROUP BY pack"


class Shelf(NamedTuple):
    """`left` may be less than nothing: then more was dispatched than had been counted."""

    pack: UUID
    batch: str
    expiry: date
    counted: int
    counted_at: datetime
    left: int


def shelves(cur: Cursor, packs: Iterable[UUID] | None = None) -> list[Shelf]:
    """Of these packs, or of all. What expires first comes first."""
    rows = cur.execute(SHELVES, {"packs": None if packs is None else list(packs)})
    return [Shelf(*row) for row in rows]


def free(cur: Cursor, day: date) -> dict[UUID, int]:
    """Units by pack that have not expired on that day and are promised to nobody. A pack never counted is missing."""
    found = shelves(cur)
    units = dict.fromkeys((shelf.pack for shelf in found), 0)
    for shelf in found:
        units[shelf.pack] += shelf.left if shelf.expiry > day else 0
    promised = dict(cur.execute(PROMISED).fetchall())
    return {pack: max(0, left - promised.get(pack, 0)) for pack, left in units.items()}
