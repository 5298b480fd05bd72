"""Dates and titles inside the sentences of reasons. Pure."""

from __future__ import annotations

from datetime import date, datetime

from einklang.core.clock import ZONE
from einklang.core.words import Words
from einklang.ui.calendar import MONTHS

SPACE = "\N{NO-BREAK SPACE}"


def day(moment: datetime) -> Words:
    """19. November, 19 November."""
    local = moment.astimezone(ZONE)
    name = month(local)
    return Words(f"{local.day}.{SPACE}{name.de}", f"{local.day}{SPACE}{name.en}")


def month(moment: datetime | date) -> Words:
    local = moment.astimezone(ZONE) if isinstance(moment, datetime) else moment
    return Words(MONTHS["de"][local.month - 1], MONTHS["en"][local.month - 1])


def quoted(title: str) -> Words:
    return Words(f"„{title}“", f"“{title}”")


def sentence(de: str, en: str, **parts: Words | str) -> Words:
    """Each part in its own language."""
    return Words(
        de.format_map({name: str(part) if isinstance(part, str) else part.de for name, part in parts.items()}),
        en.format_map({name: str(part) if isinstance(part, str) else part.en for name, part in parts.items()}),
    )
