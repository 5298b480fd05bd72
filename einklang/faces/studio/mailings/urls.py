from __future__ import annotations

from django.urls import path

from einklang.faces.studio.mailings import pages, people, proofs

urlpatterns = [
    path("mailings/", pages.listing, name="mailings"),
    path("mailings/new", pages.begin, name="mailing-new"),
    path("mailings/seeds/", proofs.seeds, name="mailing-seeds"),
    path("mailings/seeds/add", proofs.seed, name="mailing-seed"),
    path("mailings/seeds/<uuid:user>/remove", proofs.unseed, name="mailing-unseed"),
    path("mailings/<uuid:mailing>/", pages.detail, name="mailing"),
    path("mailings/<uuid:mailing>/look", pages.look, name="mailing-look"),
    path("mailings/<uuid:mailing>/test", proofs.test, name="mailing-test"),
    path("mailings/<uuid:mailing>/schedule", pages.schedule, name="mailing-schedule"),
    path("mailings/<uuid:mailing>/unschedule", pages.unschedule, name="mailing-unschedule"),
    path("mailings/<uuid:mailing>/drop", pages.drop, name="mailing-drop"),
    path("mailings/<uuid:mailing>/readers/", people.readers, name="mailing-readers"),
    path("mailings/<uuid:mailing>/withheld/", people.withheld, name="mailing-withheld"),
    path("mailings/<uuid:mailing>/stop", pages.stop, name="mailing-stop"),
]
