from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "einklang.services.privacy"
    label = "privacy"

    def ready(self) -> None:
        """A broken list of what is kept stops the start, not the first erasure."""
        from einklang.core.erasure import register
        from einklang.services.privacy import classes
        from einklang.services.privacy.erasure import ROOM

        classes.every()
        register(ROOM)
