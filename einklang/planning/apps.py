from __future__ import annotations

from django.apps import AppConfig

from einklang.core import erasure


class PlanningConfig(AppConfig):
    name = "einklang.planning"

    def ready(self) -> None:
        from einklang.planning.erasure import ROOM

        erasure.register(ROOM)
