from __future__ import annotations

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "einklang.services.orders"
    label = "orders"

    def ready(self) -> None:
        from einklang.core.erasure import register
        from einklang.services.orders.erasure import ROOM

        register(ROOM)
