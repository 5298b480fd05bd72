from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """One sentence in the languages that the product speaks."""

    de: str
    en: str

    def __str__(self) -> str:
        return self.de

    def in_(self, locale: str) -> str:
        return self.en if locale.startswith("en") else self.de


def speak(text: Words | str, locale: str) -> str:
    return text.in_(locale) if isinstance(text, Words) else text
