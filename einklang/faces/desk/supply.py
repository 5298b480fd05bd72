"""Which samples a person could still request, counted over all channels."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from einklang.faces.desk.access import Rep
from einklang.facts.products.read import Pack
from einklang.services.orders import catalogue
from einklang.services.orders.catalogue import Supply
from einklang.ui import numbers
from einklang.ui.components import Quota
from einklang.ui.text import t


@dataclass(frozen=True)
class Offer:
    pack: Pack
    quota: Quota


def quotas(rep: Rep, person: UUID) -> list[Offer]:
    return [Offer(each.pack, _quota(each)) for each in catalogue.supplies(rep.cur, person, rep.now)]


def _quota(supply: Supply) -> Quota:
    until = numbers.day(supply.next_free) if supply.next_free else ""
    name = supply.pack.name
    text = t(f"{name} frei", f"{name} free") + (
        t(f", das nächste ab {until}", f", the next from {until}") if until else ""
    )
    return Quota(used=supply.used, limit=supply.limit, text=text)
