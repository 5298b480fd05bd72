from __future__ import annotations

from django.apps import AppConfig

from einklang.loop.gate import packs


class GateConfig(AppConfig):
    name = "einklang.loop.gate"
    label = "gate"

    def ready(self) -> None:
        """A pack that breaks its form or loosens another stops the start, not the first message."""
        from einklang.core.erasure import register
        from einklang.loop.gate.erasure import ROOM

        packs.current()
        register(ROOM)
