from __future__ import annotations

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "einklang.loop.gate"
    label = "gate"
