from __future__ import annotations

from django.urls import path

from einklang.faces.studio import mailings

urlpatterns = [
    path("mailings/", mailings.listing, name="mailings"),
    path("mailings/new", mailings.begin, name="mailing-new"),
    path("mailings/<uuid:mailing>/", mailings.detail, name="mailing"),
    path("mailings/<uuid:mailing>/look", mailings.look, name="mailing-look"),
    path("mailings/<uuid:mailing>/schedule", mailings.schedule, name="mailing-schedule"),
    path("mailings/<uuid:mailing>/unschedule", mailings.unschedule, name="mailing-unschedule"),
    path("mailings/<uuid:mailing>/drop", mailings.drop, name="mailing-drop"),
    path("mailings/<uuid:mailing>/stop", mailings.stop, name="mailing-stop"),
]
