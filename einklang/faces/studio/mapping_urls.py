from __future__ import annotations

from django.urls import path

from einklang.faces.studio import mapping

urlpatterns = [
    path("events/", mapping.listing, name="mapping"),
    path("events/<int:key>/<slug:slug>/", mapping.name, name="mapping-name"),
    path("events/<int:made>/undo", mapping.undo, name="mapping-undo"),
]
