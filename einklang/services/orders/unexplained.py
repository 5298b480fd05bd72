"""Orders beyond what the law allows; none in a house that is whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.products import read as products
from einklang.services.orders import quota, terms
from einklang.services.orders.quota import Units

BATCH = 1_000
PERSONS = f"""
SELECT DISTINCT person FROM orders_order WHERE %(after)s::uuid IS NULL OR person > %(after)s
ORDER BY person LIMIT {BATCH}
"""
ORDERS = """
SELECT id, person, pack, count_key, quantity, requested_at FROM orders_order
WHERE person = ANY(%s) AND state <> 'cancelled' ORDER BY requested_at, id
"""


def beyond_the_quota(cur: Cursor) -> Iterator[UUID]:
    """Orders with which a person had more units of a brand than its market allows in the time (DE-SAM-03)."""
    after: UUID | None = None
    while persons := [person for (person,) in cur.execute(PERSONS, {"after": after}).fetchall()]:
        after = persons[-1]
        orders = cur.execute(ORDERS, (persons,)).fetchall()
        markets = _markets(cur, {pack for _, _, pack, *_ in orders})
        units: dict[tuple[UUID, str], Units] = defaultdict(list)
        for order, person, pack, brand, quantity, at in orders:
            units[person, brand].append((at, quantity))
            law = terms.of(markets[pack], at)
            if quota.used(units[person, brand], law, at) > law.max_units:
                yield order


def _markets(cur: Cursor, packs: set[UUID]) -> dict[UUID, str]:
    known = products.packs(cur, packs)
    medicines = products.product(cur, {pack.authorisation for pack in known.values()})
    return {id_: medicines[pack.authorisation].market for id_, pack in known.items()}
