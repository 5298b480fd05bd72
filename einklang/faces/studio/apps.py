from __future__ import annotations

from django.apps import AppConfig


class StudioConfig(AppConfig):
    name = "einklang.faces.studio"
    label = "studio"
