"""What a person could still request: every sampleable pack with used and free units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.facts.people import read as people
from einklang.facts.products import read as products
from einklang.facts.products.read import Pack
from einklang.services.orders import quota, terms


@dataclass(frozen=True, slots=True)
class Supply:
    """`next_free` is set where nothing is free now."""

    pack: Pack
    rx: bool
    used: int
    limit: int
    next_free: date | None


def supplies(cur: Cursor, person: UUID, now: datetime) -> list[Supply]:
    law = terms.of(people.cards(cur, [person])[person].market, now)
    packs = products.sample_catalogue(cur, now)
    medicines = products.product(cur, {pack.authorisation for pack in packs})
    ordered = quota.ordered(cur, [person])
    found = []
    for pack in packs:
        medicine = medicines[pack.authorisation]
        counted = quota.counting(ordered.get((person, medicine.brand), []), law, now)
        used = sum(quantity for _, quantity in counted)
        next_free = quota.next_free(counted, law) if used >= law.max_units else None
        found.append(Supply(pack, medicine.rx, used, law.max_units, next_free))
    return found
