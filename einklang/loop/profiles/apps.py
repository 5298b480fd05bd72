from __future__ import annotations

from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "einklang.loop.profiles"
    label = "profiles"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.loop.profiles.erasure import ROOM

        register(ROOM)
