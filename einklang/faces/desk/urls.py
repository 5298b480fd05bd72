from __future__ import annotations

from django.urls import path

from einklang.faces.desk import person, plan, recommend, safety, sample, smpc, today, visit

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("heute/schritte", today.steps, name="steps"),
    path("kontakte", today.contacts, name="contacts"),
    path("person/<uuid:person>/", person.prepare, name="person"),
    path("person/<uuid:person>/lage", person.live, name="live"),
    path("person/<uuid:person>/vereinbaren", plan.plan, name="plan"),
    path("person/<uuid:person>/besuch", visit.visit, name="visit"),
    path("person/<uuid:person>/empfehlen", recommend.recommend, name="recommend"),
    path("person/<uuid:person>/muster", sample.sample, name="sample"),
    path("fachinformation/<slug:slug>", smpc.smpc, name="smpc"),
    path("nebenwirkung", safety.report, name="safety"),
]
