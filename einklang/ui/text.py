from __future__ import annotations

from einklang.ui import locale


def label(slug: str) -> str:
    """`arzneimittel-sicherheit` reads Arzneimittel-Sicherheit."""
    return "-".join(part[:1].upper() + part[1:] for part in slug.split("-"))


def t(de: str, en: str) -> str:
    """The text in the language of the running request."""
    return en if locale.current() == "en" else de
