from __future__ import annotations

from django.urls import path

from einklang.faces.api import links, reports

app_name = "api"
urlpatterns = [
    path("m/o/<str:token>.gif", links.opened, name="opened"),
    path("m/c/<str:token>", links.clicked, name="clicked"),
    path("m/u/<str:token>", links.unsubscribe, name="unsubscribe"),
    path("m/r/postmark", reports.postmark, name="postmark"),
    path("m/r/mailgun", reports.mailgun, name="mailgun"),
]
