"""What a doctor leaves behind beyond the story: run as a process in the demo's home, it prints what to look for."""

from __future__ import annotations

import json
import os
import sys
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
django.setup()

from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import transaction  # noqa: E402

from einklang.core import clock  # noqa: E402
from einklang.core.connection import cursor  # noqa: E402
from einklang.faces.portal.models import Saved, Search  # noqa: E402
from einklang.facts.consent import preferences  # noqa: E402
from einklang.facts.consent.preferences import Preference  # noqa: E402
from einklang.facts.people.models import Identifier, Person, User  # noqa: E402
from einklang.loop.channels.visit.models import Task  # noqa: E402
from einklang.services.inquiries import safety  # noqa: E402
from einklang.services.privacy import acts, cases  # noqa: E402

PHONE, LANR = "0511 5550173", "246813950"
SEARCHED, WISHED, TASK = "Zebrafinkensuche", "Ringelnatterwunsch", "Waldmeisternotiz"
REPORTED = "Kornblumenschwindel nach der ersten Tablette"


def live(person_id: UUID) -> dict[str, object]:
    now, cur = clock.now(), cursor()
    Person.objects.filter(pk=person_id).update(phone=PHONE)
    person, rep = Person.objects.get(pk=person_id), User.objects.filter(roles__contains=["rep"]).first()
    Identifier.objects.get_or_create(person=person, system="lanr", value=LANR)
    Search.objects.create(person=person, text=SEARCHED, at=now)
    Saved.objects.create(person=person, slug="merkzettel", at=now)
    if rep:
        Task.objects.create(rep=rep, person=person, title=TASK, due=now.date(), source="living", created_at=now)
    with transaction.atomic():
        acts.prefer(cur, person=person_id, preference=Preference(frequency=preferences.FREQUENCIES[-1]), now=now)
        cases.ask(cur, person=person_id, kind="erasure", wishes={}, message=WISHED, token="living", now=now)
        safety.report(cur, safety.Heard(token="l", source="portal", statement=REPORTED, person=person_id), now)
    login = User.objects.get(person=person)
    session = SessionStore()
    session["_auth_user_id"] = str(login.pk)
    session.save()
    gone = [person.family_name, person.email, login.email, PHONE, LANR, SEARCHED, WISHED, TASK]
    return {"gone": gone, "login": str(login.pk), "reported": REPORTED}


if __name__ == "__main__":
    json.dump(live(UUID(sys.argv[1])), sys.stdout)
