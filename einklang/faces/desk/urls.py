from __future__ import annotations

from django.urls import path

from einklang.faces.desk import (
    consent,
    contacts,
    person,
    plan,
    recommend,
    safety,
    sample,
    show,
    smpc,
    steps,
    tasks,
    today,
    undo,
    visit,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("heute/schritte", today.steps, name="steps"),
    path("post", today.mails, name="mails"),
    path("kontakte", contacts.contacts, name="contacts"),
    path("aufgabe", tasks.new, name="task"),
    path("aufgabe/<uuid:task>/erledigt", tasks.done, name="done"),
    path("zuruecknehmen", undo.take_back, name="undo"),
    path("person/<uuid:person>/", person.prepare, name="person"),
    path("person/<uuid:person>/lage", person.live, name="live"),
    path("person/<uuid:person>/verlauf", person.history, name="history"),
    path("person/<uuid:person>/schritt", steps.reply, name="reply"),
    path("person/<uuid:person>/einwilligung", consent.ask, name="consent"),
    path("person/<uuid:person>/vereinbaren", plan.plan, name="plan"),
    path("person/<uuid:person>/besuch", visit.visit, name="visit"),
    path("person/<uuid:person>/anruf", visit.call, name="call"),
    path("person/<uuid:person>/entwurf/<slug:channel>", visit.draft, name="draft"),
    path("person/<uuid:person>/zeigen", show.choose, name="choose"),
    path("person/<uuid:person>/zeigen/<slug:slug>", show.stage, name="stage"),
    path("person/<uuid:person>/zeigen/<slug:slug>/<path:name>", show.asset, name="asset"),
    path("person/<uuid:person>/empfehlen", recommend.recommend, name="recommend"),
    path("person/<uuid:person>/muster", sample.sample, name="sample"),
    path("fachinformation/<slug:slug>", smpc.smpc, name="smpc"),
    path("nebenwirkung", safety.report, name="safety"),
]
