from __future__ import annotations

from django.urls import path

from einklang.ui import views

app_name = "ui"
urlpatterns = [
    path("theme", views.theme, name="theme"),
    path("language", views.language, name="language"),
]
