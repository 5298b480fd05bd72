from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

NAMES = ("read", "enrol", "mail", "click", "prepare", "visit", "recommend", "sample")
Outcome = Literal["done", "withheld", "not_triggered"]


@dataclass(frozen=True, kw_only=True)
class Step:
    """What came of one station of the story. `account` is for people only and is left out of the JSON."""

    step: str
    at: str
    person: str
    channel: str
    outcome: Outcome
    reasons: list[str] = field(default_factory=list)
    interaction_id: str | None = None
    verdict_id: str | None = None
    account: list[str] = field(default_factory=list)
