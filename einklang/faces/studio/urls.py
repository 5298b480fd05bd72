from __future__ import annotations

from django.urls import path

from einklang.faces.studio import health, journeys, messages, orders, overview, people, saved, user, users, verdicts

app_name = "studio"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("people/", people.search, name="people"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("journeys/", journeys.listing, name="journeys"),
    path("journeys/<uuid:journey>/", journeys.detail, name="journey"),
    path("journeys/<uuid:journey>/switch", journeys.switch, name="switch"),
    path("verdicts/", verdicts.listing, name="verdicts"),
    path("verdicts/<uuid:verdict>/", verdicts.detail, name="verdict"),
    path("messages/", messages.listing, name="messages"),
    path("messages/<uuid:message>/switch", messages.control, name="control"),
    path("orders/", orders.listing, name="orders"),
    path("orders/<uuid:order>/", orders.order, name="order"),
    path("orders/<uuid:order>/note.pdf", orders.note, name="note"),
    path("users/", users.listing, name="users"),
    path("users/new", users.invite, name="user-new"),
    path("users/<uuid:user>/", user.detail, name="user"),
    path("health", health.view, name="health"),
    path("views/save", saved.save, name="view-save"),
    path("views/<uuid:view>/remove", saved.remove, name="view-remove"),
]
