"""The record: who, what was answered, what was sent, what is allowed, how often, and who changed what."""

from __future__ import annotations

from django.urls import path

from einklang.faces.studio import saved
from einklang.faces.studio.operations import health, rests
from einklang.faces.studio.record import audit, consents, message_control, messages, people, pressure, verdicts

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
    path("consents/", consents.listing, name="consents"),
    path("consents/check", consents.check, name="consents-check"),
    path("consents/<uuid:entry>/", consents.detail, name="consent"),
    path("pressure/", pressure.view, name="pressure"),
    path("health", health.view, name="health"),
    path("health/<slug:channel>/try", rests.try_now, name="channel-try"),
    path("audit/", audit.listing, name="audit"),
    path("audit/check", audit.check, name="audit-check"),
    path("audit/review", audit.review, name="audit-review"),
    path("views/save", saved.save, name="view-save"),
    path("views/<uuid:view>/remove", saved.remove, name="view-remove"),
]
