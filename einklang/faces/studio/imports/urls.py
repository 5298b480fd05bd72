from __future__ import annotations

from django.urls import path

from einklang.faces.studio.imports import files, pages

urlpatterns = [
    path("imports/", pages.listing, name="imports"),
    path("imports/new/<slug:kind>/", pages.new, name="import-new"),
    path("imports/sample/<slug:kind>.<slug:form>", files.sample, name="import-sample"),
    path("imports/<uuid:batch>/", pages.batch, name="import"),
    path("imports/<uuid:batch>/check", pages.check, name="import-check"),
    path("imports/<uuid:batch>/control", pages.control, name="import-control"),
    path("imports/<uuid:batch>/discard", pages.discard, name="import-discard"),
    path("imports/<uuid:batch>/notice", pages.notice, name="import-notice"),
    path("imports/<uuid:batch>/errors", files.errors, name="import-errors"),
    path("imports/<uuid:batch>/changes", files.changes, name="import-changes"),
]
