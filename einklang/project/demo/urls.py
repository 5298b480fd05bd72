from __future__ import annotations

from django.urls import path

from einklang.project.demo import inbox

app_name = "demo"
urlpatterns = [
    path("inbox", inbox.index, name="inbox"),
    path("inbox/<str:name>", inbox.show, name="mail"),
    path("inbox/<str:name>/html", inbox.html, name="html"),
]
