from __future__ import annotations

from django.urls import path

from einklang.faces.studio.journeys import control, edit, holdout, pages, rehearsal, results, versions

urlpatterns = [
    path("journeys/", pages.listing, name="journeys"),
    path("journeys/new", edit.begin, name="journey-new"),
    path("journeys/drafts/<uuid:draft>/", edit.draft, name="journey-draft"),
    path("journeys/drafts/<uuid:draft>/check", edit.check, name="journey-check"),
    path("journeys/drafts/<uuid:draft>/publish", edit.publish, name="journey-publish"),
    path("journeys/<uuid:journey>/", pages.detail, name="journey"),
    path("journeys/<uuid:journey>/step/<slug:step>/", pages.detail, name="journey-step"),
    path("journeys/<uuid:journey>/versions/", versions.listing, name="journey-versions"),
    path("journeys/holdout", holdout.view, name="journey-holdout"),
    path("journeys/jobs/<uuid:job>", rehearsal.state, name="job"),
    path("journeys/rehearsals/<uuid:job>/", rehearsal.single, name="rehearsal"),
    path("journeys/<uuid:journey>/results/", results.view, name="journey-results"),
    path("journeys/<uuid:journey>/results/compute", results.compute, name="journey-compute"),
    path("journeys/<uuid:journey>/rehearsal/", rehearsal.of_journey, name="journey-rehearsal"),
    path("journeys/<uuid:journey>/rehearsal/begin", rehearsal.begin, name="journey-rehearse"),
    path("journeys/<uuid:journey>/edit", edit.edit, name="journey-edit"),
    path("journeys/<uuid:journey>/switch", control.switch, name="switch"),
    path("journeys/<uuid:journey>/stop", control.stop, name="journey-stop"),
]
