from __future__ import annotations

from django.apps import AppConfig


class VisitConfig(AppConfig):
    name = "einklang.loop.channels.visit"
    label = "visit"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.loop.channels.visit.erasure import ROOM

        register(ROOM)
