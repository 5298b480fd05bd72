"""Dates and titles inside the sentences of reasons. Pure."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from einklang.core.words import Words

ZONE = ZoneInfo("Europe/Berlin")
FIRST_GERMAN = ("Januar", "Februar", "März", "April", "Mai", "Juni")
FIRST_ENGLISH = ("January", "February", "March", "April", "May", "June")
GERMAN = (*FIRST_GERMAN, "Juli", "August", "September", "Oktober", "November", "Dezember")
ENGLISH = (*FIRST_ENGLISH, "July", "August", "September", "October", "November", "December")
SPACE = "\N{NO-BREAK SPACE}"


def day(moment: datetime) -> Words:
    """19. November, 19 November."""
    local = moment.astimezone(ZONE)
    return Words(
        f"{local.day}.{SPACE}{GERMAN[local.month - 1]}",
        f"{local.day}{SPACE}{ENGLISH[local.month - 1]}",
    )


def month(moment: datetime | date) -> Words:
    local = moment.astimezone(ZONE) if isinstance(moment, datetime) else moment
    return Words(GERMAN[local.month - 1], ENGLISH[local.month - 1])


def quoted(title: str) -> Words:
    return Words(f"„{title}“", f"“{title}”")


def sentence(de: str, en: str, **parts: Words | str) -> Words:
    """Each part in its own language."""
    return Words(
        de.format_map({name: str(part) if isinstance(part, str) else part.de for name, part in parts.items()}),
        en.format_map({name: str(part) if isinstance(part, str) else part.en for name, part in parts.items()}),
    )
