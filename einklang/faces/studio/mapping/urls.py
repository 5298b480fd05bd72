from __future__ import annotations

from django.urls import path

from einklang.faces.studio.mapping import pages

urlpatterns = [
    path("events/", pages.listing, name="mapping"),
    path("events/<int:key>/<slug:slug>/", pages.name, name="mapping-name"),
    path("events/<int:made>/undo", pages.undo, name="mapping-undo"),
]
