"""Orders as faces show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from einklang.core.pg import Cursor

ORDERS = """
SELECT o.id, o.person, o.pack, o.quantity, o.requested_at, o.requested_by, o.signed_name, o.state,
       s.number, s.batch, s.expiry, s.dispatched_at, s.smpc_version, s.retain_until
FROM orders_order o LEFT JOIN orders_shipment s ON s.order_id = o.id
"""
LISTING = f"""
{ORDERS} WHERE (%(state)s::text IS NULL OR o.state = %(state)s)
    AND (%(beyond)s::uuid IS NULL
        OR (o.requested_at, o.id) > (SELECT requested_at, id FROM orders_order WHERE id = %(beyond)s))
ORDER BY o.requested_at, o.id LIMIT %(limit)s
"""
SENT = f"{ORDERS} WHERE o.state = 'dispatched' ORDER BY s.dispatched_at DESC, o.id LIMIT %s"


@dataclass(frozen=True, slots=True)
class Order:
    """The fields from `number` on are None until the order was dispatched."""

    id: UUID
    person: UUID
    pack: UUID
    quantity: int
    requested_at: datetime
    requested_by: UUID
    signed_name: str
    state: str
    number: str | None
    batch: str | None
    expiry: date | None
    dispatched_at: datetime | None
    smpc_version: int | None
    retain_until: date | None


def listing(cur: Cursor, *, state: str | None = None, beyond: UUID | None = None, limit: int = 100) -> list[Order]:
    """Oldest first, as a warehouse works. `beyond` is the last order that was seen."""
    rows = cur.execute(LISTING, {"state": state, "beyond": beyond, "limit": limit})
    return [Order(*row) for row in rows]


def sent(cur: Cursor, limit: int = 100) -> list[Order]:
    """Newest first."""
    return [Order(*row) for row in cur.execute(SENT, (limit,))]


def of_persons(cur: Cursor, persons: Sequence[UUID]) -> list[Order]:
    """Newest first."""
    rows = cur.execute(ORDERS + "WHERE o.person = ANY(%s) ORDER BY o.requested_at DESC", (list(persons),))
    return [Order(*row) for row in rows]


def get(cur: Cursor, order: UUID) -> Order | None:
    row = cur.execute(ORDERS + "WHERE o.id = %s", (order,)).fetchone()
    return Order(*row) if row else None


def note(cur: Cursor, order: UUID) -> bytes | None:
    """The delivery note as it was made at dispatch, PDF."""
    row = cur.execute("SELECT note FROM orders_shipment WHERE order_id = %s", (order,)).fetchone()
    return bytes(row[0]) if row else None
