from __future__ import annotations

from einklang.ui import locale


def t(de: str, en: str) -> str:
    """The text in the language of the running request."""
    return en if locale.current() == "en" else de
