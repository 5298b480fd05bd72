from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "einklang.facts.people"
    label = "people"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.facts.people.erasure import ROOM

        register(ROOM)
