"""What a claim stands on, as one line of text (DE-HWG-11)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from einklang.core.words import Words

ELSEWHERE = Words("nicht zu diesem Arzneimittel", "not about this medicine")


def line(reference: str | Mapping[str, Any], locale: str) -> str:
    if isinstance(reference, str):
        return reference
    words = f"{reference['author']}: {reference['source']}, {reference['year']}"
    return f"{words}." if reference["about_product"] else f"{words} ({ELSEWHERE.in_(locale)})."


def lines(words: Mapping[str, Any], locale: str) -> list[str]:
    return [line(reference, locale) for reference in words.get("references", ())]


def complete(reference: str | Mapping[str, Any]) -> bool:
    """Author, year, source and whether it concerns the product: only then a claim may stand on it."""
    return not isinstance(reference, str)
