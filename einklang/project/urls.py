from __future__ import annotations

from django.urls import URLPattern, URLResolver

handler500 = "einklang.project.outage.server_error"

urlpatterns: list[URLPattern | URLResolver] = []
