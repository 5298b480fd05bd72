from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from einklang.core import settings
from einklang.project.health import health
from einklang.project.rooms import exists

handler500 = "einklang.project.outage.server_error"

MOUNTS = (
    ("ui/", "einklang.ui.urls"),
    ("desk/", "einklang.faces.desk.urls"),
    ("studio/", "einklang.faces.studio.urls"),
    ("", "einklang.faces.api.urls"),
    ("", "einklang.faces.portal.urls"),
)


def _mounted(prefix: str, module: str) -> list[URLPattern | URLResolver]:
    return [path(prefix, include(module))] if exists(module) else []


urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health, name="health"),
    *(_mounted("demo/", "einklang.project.demo.urls") if settings.get().demo else []),
    *(pattern for mount in MOUNTS for pattern in _mounted(*mount)),
]
