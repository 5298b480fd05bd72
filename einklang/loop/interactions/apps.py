from __future__ import annotations

from django.apps import AppConfig


class InteractionsConfig(AppConfig):
    name = "einklang.loop.interactions"
    label = "interactions"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.loop.interactions.erasure import ROOM

        register(ROOM)
