from __future__ import annotations

from django.urls import path

from einklang.faces.studio import (
    content_urls,
    house_rules,
    imports_urls,
    journeys_urls,
    keys,
    mailings_urls,
    mapping_urls,
    orders,
    overview,
    record_urls,
    request_new,
    requests,
    user,
    users,
)

app_name = "studio"
urlpatterns = [
    path("", overview.overview, name="overview"),
    *record_urls.urlpatterns,
    *journeys_urls.urlpatterns,
    *content_urls.urlpatterns,
    *imports_urls.urlpatterns,
    *mapping_urls.urlpatterns,
    *mailings_urls.urlpatterns,
    path("requests/", requests.listing, name="requests"),
    path("requests/new", request_new.find, name="request-find"),
    path("requests/new/<uuid:person>", request_new.take, name="request-new"),
    path("requests/<uuid:case>/copy", request_new.hand_out, name="request-copy"),
    path("requests/<uuid:case>/", requests.detail, name="request"),
    path("consents/<uuid:entry>/proof.pdf", requests.proof_of, name="proof"),
    path("orders/", orders.listing, name="orders"),
    path("orders/<uuid:order>/", orders.order, name="order"),
    path("orders/<uuid:order>/note.pdf", orders.note, name="note"),
    path("settings/", house_rules.settings, name="settings"),
    path("keys/", keys.listing, name="keys"),
    path("keys/<int:key>/revoke", keys.revoke, name="key-revoke"),
    path("users/", users.listing, name="users"),
    path("users/new", users.invite, name="user-new"),
    path("users/<uuid:user>/", user.detail, name="user"),
]
