"""What a person has ordered already, over all channels (DE-SAM-04). Count it only while the person is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from einklang.core.clock import ZONE
from einklang.core.pg import Cursor
from einklang.services.orders.terms import Terms

Units = list[tuple[datetime, int]]


def ordered(cur: Cursor, persons: Sequence[UUID], *, without: UUID | None = None) -> dict[tuple[UUID, str], Units]:
    """(person, count key) → dated units, oldest first; `without` leaves one order out."""
    cur.execute(
        """SELECT person, count_key, requested_at, quantity FROM orders_order
           WHERE person = ANY(%s) AND state <> 'cancelled' AND id IS DISTINCT FROM %s ORDER BY requested_at""",
        (list(persons), without),
    )
    units: dict[tuple[UUID, str], Units] = defaultdict(list)
    for person, count_key, at, quantity in cur.fetchall():
        units[person, count_key].append((at, quantity))
    return dict(units)


def counting(units: Units, terms: Terms, now: datetime) -> Units:
    """Those inside the window of DE-SAM-03."""
    start = terms.window_start(now)
    return [(at, quantity) for at, quantity in units if at.astimezone(ZONE).date() >= start]


def used(units: Units, terms: Terms, now: datetime) -> int:
    return sum(quantity for _, quantity in counting(units, terms, now))


def next_free(units: Units, terms: Terms) -> date:
    """The day on which enough of these units have left the window that one more fits; oldest first."""
    too_many = sum(quantity for _, quantity in units) - terms.max_units + 1
    for at, quantity in units:
        too_many -= quantity
        if too_many <= 0:
            return terms.free_again(at)
    raise ValueError("one more fits already")
