"""What every page knows: language, theme and, in a demo, what time it is there."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from einklang.core import clock, company, settings
from einklang.ui import locale

THEMES = ("system", "light", "dark", "glare")
SESSION_KEY = "theme"


def page(request: HttpRequest) -> dict[str, Any]:
    own, who = settings.get(), company.current()
    return {
        "locale": locale.current(),
        "other_locale": "de" if locale.current() == "en" else "en",
        "theme": theme(request),
        "demo": own.demo,
        "brand": own.legal_entity.capitalize(),
        "company": (who.name, *who.address),
        "now": SimpleLazyObject(clock.now),
    }


def theme(request: HttpRequest) -> str:
    session = getattr(request, "session", {})
    chosen = session.get(SESSION_KEY) or str(getattr(getattr(request, "user", None), "theme", ""))
    return chosen if chosen in THEMES else THEMES[0]
