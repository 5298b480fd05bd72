from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from einklang.core import settings
from einklang.project.first_run import setup

handler500 = "einklang.project.outage.server_error"

demo: list[URLPattern | URLResolver] = [path("demo/", include("einklang.project.demo.urls"))]
urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("einklang.faces.api.rest.urls")),
    *(demo if settings.get().demo else []),
    path("setup/<str:token>", setup, name="setup"),
    path("ui/", include("einklang.ui.urls")),
    path("desk/", include("einklang.faces.desk.urls")),
    path("studio/", include("einklang.faces.studio.urls")),
    path("", include("einklang.faces.login.urls")),
    path("", include("einklang.faces.api.urls")),
    path("", include("einklang.faces.portal.urls")),
]
