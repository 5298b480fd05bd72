from __future__ import annotations

from django.apps import AppConfig


class DecideConfig(AppConfig):
    name = "einklang.loop.decide"
    label = "decide"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.loop.decide.erasure import ROOM

        register(ROOM)
