"""Every kind of import, in the order in which a new house brings them in."""

from __future__ import annotations

from einklang.bridges.imports.kind import Kind
from einklang.bridges.imports.kinds import (
    affiliations,
    consents,
    identifiers,
    organisations,
    people,
    products,
    reps,
    stock,
    territories,
    topics,
)
from einklang.core.errors import NotFound

KINDS: dict[str, Kind] = {
    room.KIND.name: room.KIND
    for room in (organisations, people, identifiers, affiliations, reps, territories, products, stock, topics, consents)
}


def kind(name: str) -> Kind:
    if name not in KINDS:
        raise NotFound(name)
    return KINDS[name]
