from __future__ import annotations

from django.urls import path

from einklang.faces.studio import orders, overview
from einklang.faces.studio.content import urls as content_urls
from einklang.faces.studio.house import keys, rules, tokens
from einklang.faces.studio.imports import urls as imports_urls
from einklang.faces.studio.journeys import urls as journeys_urls
from einklang.faces.studio.mailings import urls as mailings_urls
from einklang.faces.studio.mapping import urls as mapping_urls
from einklang.faces.studio.record import urls as record_urls
from einklang.faces.studio.requests import new
from einklang.faces.studio.requests import pages as requests
from einklang.faces.studio.users import account
from einklang.faces.studio.users import pages as users

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
    path("requests/new", new.find, name="request-find"),
    path("requests/new/<uuid:person>", new.take, name="request-new"),
    path("requests/<uuid:case>/copy", new.hand_out, name="request-copy"),
    path("requests/<uuid:case>/", requests.detail, name="request"),
    path("consents/<uuid:entry>/proof.pdf", requests.proof_of, name="proof"),
    path("orders/", orders.listing, name="orders"),
    path("orders/<uuid:order>/", orders.order, name="order"),
    path("orders/<uuid:order>/note.pdf", orders.note, name="note"),
    path("settings/", rules.settings, name="settings"),
    path("keys/", keys.listing, name="keys"),
    path("keys/<int:key>/revoke", keys.revoke, name="key-revoke"),
    path("keys/tokens/", tokens.listing, name="tokens"),
    path("keys/tokens/new", tokens.create, name="token-new"),
    path("keys/tokens/<uuid:token>/revoke", tokens.revoke, name="token-revoke"),
    path("users/", users.listing, name="users"),
    path("users/new", users.invite, name="user-new"),
    path("users/<uuid:user>/", account.detail, name="user"),
]
