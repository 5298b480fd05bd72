from __future__ import annotations

from django.apps import AppConfig


class VisitConfig(AppConfig):
    name = "einklang.loop.channels.visit"
    label = "visit"
