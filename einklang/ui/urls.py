from __future__ import annotations

from django.urls import path

from einklang.ui import kept, views

app_name = "ui"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("kept", kept.kept, name="kept"),
    path("language", views.language, name="language"),
]
