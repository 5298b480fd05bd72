"""What of a person's history a rep may see, by kind and purpose. Django-free: pages and the live stream share it."""

from __future__ import annotations

from einklang.loop.interactions import kinds

ENGAGEMENT = frozenset({"content.viewed", "email.opened", "email.clicked", kinds.IDENTIFIED})
ADVERTISING = "promotional"
CONFIDENTIAL = frozenset({"medical", "safety"})


def engagement(kind: str) -> bool:
    """Reading and mail engagement: only with the permission `rep_visibility` (DE-TRK-04)."""
    return kind in ENGAGEMENT or kind.startswith(kinds.CUSTOM)


def traces(kind: str) -> bool:
    """A journey suggests its step in the very minute of the click or the reading that it waited for."""
    return engagement(kind) or kind == "suggestion.made"


def confidential(purpose: str, unit: str) -> bool:
    """What was said to medical or to drug safety does not exist for sales."""
    return purpose in CONFIDENTIAL or unit == "medical"


def private(kind: str, purpose: str) -> bool:
    """Her own business with the house: her record and her rights, and mails that are no advertising."""
    return kind.startswith("person.") or (kind.startswith("email.") and purpose != ADVERTISING)
