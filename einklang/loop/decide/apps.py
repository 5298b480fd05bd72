from __future__ import annotations

from django.apps import AppConfig


class DecideConfig(AppConfig):
    name = "einklang.loop.decide"
    label = "decide"
