"""The record: who, what was answered, what was sent, what is allowed, how often, and who changed what."""

from __future__ import annotations

from django.urls import path

from einklang.faces.studio import health, message_control, messages, people, saved, verdicts

urlpatterns = [
    path("people/", people.search, name="people"),
    path("people/<uuid:person>/", people.person, name="person"),
    path("verdicts/", verdicts.listing, name="verdicts"),
    path("verdicts/<uuid:verdict>/", verdicts.detail, name="verdict"),
    path("messages/", messages.listing, name="messages"),
    path("messages/switch", message_control.many, name="control-many"),
    path("messages/<uuid:message>/", messages.detail, name="message"),
    path("messages/<uuid:message>/mail", messages.mail, name="mail"),
    path("messages/<uuid:message>/switch", message_control.control, name="control"),
    path("health", health.view, name="health"),
    path("views/save", saved.save, name="view-save"),
    path("views/<uuid:view>/remove", saved.remove, name="view-remove"),
]
