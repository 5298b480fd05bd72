from __future__ import annotations

from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "einklang.services.inquiries"
    label = "inquiries"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.services.inquiries.erasure import ROOM

        register(ROOM)
