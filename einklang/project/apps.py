from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "einklang.project"
    label = "project"

    def ready(self) -> None:
        from einklang.core import erasure, settings
        from einklang.project import chores, heartbeat
        from einklang.project.backup.erasure import ROOM as BACKUP
        from einklang.project.demo.erasure import ROOM
        from einklang.watch import house

        erasure.register(BACKUP)
        house.register(house.House(heartbeat.workers, chores.listing))
        if settings.get().demo:
            erasure.register(ROOM)
