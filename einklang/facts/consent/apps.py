from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "einklang.facts.consent"
    label = "consent"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.facts.consent.erasure import ROOM

        register(ROOM)
