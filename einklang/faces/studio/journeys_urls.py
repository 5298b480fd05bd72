from __future__ import annotations

from django.urls import path

from einklang.faces.studio import (
    journeys,
    journeys_control,
    journeys_edit,
    journeys_holdout,
    journeys_rehearsal,
    journeys_results,
    journeys_versions,
)

urlpatterns = [
    path("journeys/", journeys.listing, name="journeys"),
    path("journeys/new", journeys_edit.begin, name="journey-new"),
    path("journeys/drafts/<uuid:draft>/", journeys_edit.draft, name="journey-draft"),
    path("journeys/drafts/<uuid:draft>/check", journeys_edit.check, name="journey-check"),
    path("journeys/drafts/<uuid:draft>/publish", journeys_edit.publish, name="journey-publish"),
    path("journeys/<uuid:journey>/", journeys.detail, name="journey"),
    path("journeys/<uuid:journey>/step/<slug:step>/", journeys.detail, name="journey-step"),
    path("journeys/<uuid:journey>/versions/", journeys_versions.listing, name="journey-versions"),
    path("journeys/holdout", journeys_holdout.view, name="journey-holdout"),
    path("journeys/jobs/<uuid:job>", journeys_rehearsal.state, name="job"),
    path("journeys/rehearsals/<uuid:job>/", journeys_rehearsal.single, name="rehearsal"),
    path("journeys/<uuid:journey>/results/", journeys_results.view, name="journey-results"),
    path("journeys/<uuid:journey>/results/compute", journeys_results.compute, name="journey-compute"),
    path("journeys/<uuid:journey>/rehearsal/", journeys_rehearsal.of_journey, name="journey-rehearsal"),
    path("journeys/<uuid:journey>/rehearsal/begin", journeys_rehearsal.begin, name="journey-rehearse"),
    path("journeys/<uuid:journey>/edit", journeys_edit.edit, name="journey-edit"),
    path("journeys/<uuid:journey>/switch", journeys_control.switch, name="switch"),
    path("journeys/<uuid:journey>/stop", journeys_control.stop, name="journey-stop"),
]
