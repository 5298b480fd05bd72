from __future__ import annotations

from django.apps import AppConfig

from einklang.core import erasure


class ImportsConfig(AppConfig):
    name = "einklang.bridges.imports"
    label = "imports"

    def ready(self) -> None:
        from einklang.bridges.imports.erasure import ROOM

        erasure.register(ROOM)
