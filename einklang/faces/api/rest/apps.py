from __future__ import annotations

from django.apps import AppConfig


class RestConfig(AppConfig):
    name = "einklang.faces.api.rest"
    label = "rest"
