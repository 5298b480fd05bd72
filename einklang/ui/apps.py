from __future__ import annotations

from django.apps import AppConfig

from einklang.core import company


class UiConfig(AppConfig):
    name = "einklang.ui"
    label = "ui"

    def ready(self) -> None:
        """Every page names the company: where nobody said who it is, the start stops and not the first page."""
        company.current()
