from __future__ import annotations

from django.apps import AppConfig

from einklang.core import erasure


class ImportsConfig(AppConfig):
    name = "einklang.services.imports"
    label = "imports"

    def ready(self) -> None:
        from einklang.services.imports.erasure import ROOM

        erasure.register(ROOM)
