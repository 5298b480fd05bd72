"""The sample ledger stays as long as AMWHV § 20 asks (DE-SAM-12); a request that nobody dispatched does not leave any
more, but that it was made is part of the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.clock import ZONE
from einklang.core.erasure import RESTRICTED, Ageing, Outcome, Room, rows
from einklang.core.pg import Cursor
from einklang.services.orders import read, terms

MARKET = "DE"
ORDERS = """
SELECT o.pack, o.quantity, o.channel, o.requested_at, o.signed_name, o.signature, o.text_shown, o.state,
       s.number, s.batch, s.expiry, s.dispatched_at, s.smpc_version, s.retain_until
FROM orders_order o LEFT JOIN orders_shipment s ON s.order_id = o.id WHERE o.person = %s ORDER BY o.requested_at
"""
CANCEL = "UPDATE orders_order SET state = 'cancelled' WHERE person = %s AND state = 'requested'"
# `retain_until` was computed at dispatch; without a shipment the years after the request count.
OLD = """
FROM orders_order o LEFT JOIN orders_shipment s ON s.order_id = o.id
WHERE CASE WHEN s.order_id IS NULL THEN o.state = 'cancelled' AND o.requested_at < %(requested)s
           ELSE s.retain_until < %(today)s END
"""
OLDER = f"SELECT count(*), min(o.requested_at) {OLD}"
DROP = f"""
WITH old AS MATERIALIZED (SELECT o.id {OLD} LIMIT %(limit)s),
shipments AS (DELETE FROM orders_shipment WHERE order_id IN (SELECT id FROM old))
DELETE FROM orders_order WHERE id IN (SELECT id FROM old)
"""


def export(cur: Cursor, person: UUID) -> dict[str, Any]:
    return {"sample_ledger": rows(cur, ORDERS, (person,))}


def erase(cur: Cursor, person: UUID, now: datetime) -> list[Outcome]:
    cur.execute(CANCEL, (person,))
    orders = read.of_persons(cur, [person])
    if not orders:
        return []
    until = max(each.retain_until or _at_least(each.requested_at) for each in orders)
    return [Outcome(record_class="sample_ledger", result=RESTRICTED, count=len(orders), until=until)]


def _at_least(requested: datetime) -> date:
    day = requested.astimezone(ZONE).date()
    return terms.of(MARKET, requested).retain_until(day, day)


def _older(cur: Cursor, now: datetime) -> tuple[int, datetime | None]:
    return cur.execute(OLDER, _moments(now)).fetchone() or (0, None)


def _drop(cur: Cursor, now: datetime, limit: int) -> int:
    return cur.execute(DROP, {**_moments(now), "limit": limit}).rowcount


def _moments(now: datetime) -> dict[str, Any]:
    """Where nothing was dispatched the years after the request count."""
    today = now.astimezone(ZONE).date()
    years = terms.of(MARKET, now).years_after_record
    return {"today": today, "requested": now - timedelta(days=366 * years)}


ROOM = Room(
    name="orders",
    export=export,
    erase=erase,
    ageing=(Ageing(record_class="sample_ledger", older=_older, drop=_drop),),
)
