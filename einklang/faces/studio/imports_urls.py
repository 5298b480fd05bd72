from __future__ import annotations

from django.urls import path

from einklang.faces.studio import imports, imports_files

urlpatterns = [
    path("imports/", imports.listing, name="imports"),
    path("imports/new/<slug:kind>/", imports.new, name="import-new"),
    path("imports/sample/<slug:kind>.<slug:form>", imports_files.sample, name="import-sample"),
    path("imports/<uuid:batch>/", imports.batch, name="import"),
    path("imports/<uuid:batch>/check", imports.check, name="import-check"),
    path("imports/<uuid:batch>/control", imports.control, name="import-control"),
    path("imports/<uuid:batch>/discard", imports.discard, name="import-discard"),
    path("imports/<uuid:batch>/notice", imports.notice, name="import-notice"),
    path("imports/<uuid:batch>/errors", imports_files.errors, name="import-errors"),
    path("imports/<uuid:batch>/changes", imports_files.changes, name="import-changes"),
]
