"""By chance, and for good: the same person always draws the same lot, on every machine and in every version. Pure.

A lot is a hash of the person and a salt, so nothing needs to be stored to draw it again, and lots of different salts
know nothing of each other.
"""

from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import Literal
from uuid import UUID

from einklang.loop.decide.journeys.document import Journey, Split, Way

Arm = Literal["", "holdout", "global"]
HOUSE = "house"


def lot(person: UUID | None, salt: str) -> float:
    """Evenly between 0 and 1. Nobody in particular draws 0, which is the first way."""
    if person is None:
        return 0.0
    drawn = hashlib.sha256(salt.encode() + b"/" + person.bytes).digest()
    return int.from_bytes(drawn[:8], "big") / 2**64


def way(person: UUID | None, salt: str, split: Split) -> Way:
    ends = list(accumulate(each.share for each in split.ways))
    place = lot(person, salt) * ends[-1]
    return next(each for each, end in zip(split.ways, ends, strict=True) if place < end)


def arm(person: UUID, plan: Journey, house_percent: int) -> Arm:
    """Whether she is held out: of every promotional journey of the house, or of this one."""
    if not plan.promotional:
        return ""
    if lot(person, HOUSE) * 100 < house_percent:
        return "global"
    return "holdout" if lot(person, f"{plan.key}/holdout") * 100 < plan.holdout else ""
