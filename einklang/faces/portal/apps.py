from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "einklang.faces.portal"
    label = "portal"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.faces.portal.erasure import ROOM

        register(ROOM)
