"""A rep's week: suggestions of a journey that ran before the story, appointments, tasks and mails that lie ahead.

All of it is about others than the story's doctor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor
from einklang.facts.content import read as content
from einklang.facts.people.models import Person
from einklang.loop.channels.visit import todo
from einklang.loop.decide import suggestions
from einklang.loop.decide.models import Enrolment
from einklang.loop.decide.suggestions import Suggestion
from einklang.loop.gate import door
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.project.demo.history import Allowed
from einklang.services.visits import acts

JOURNEY = "niere-im-blick"
SUGGESTED = 4
TASKS = (
    "Dosistabelle als Ausdruck mitbringen",
    "Frage nach Langzeitdaten an Medical weitergeben",
    "Termin für die Teamschulung abstimmen",
)


def write(
    cur: Cursor, rep: UUID, persons: Sequence[Person], allowed: Allowed, *, now: datetime, visit: datetime
) -> None:
    """`persons` are those of the rep's territory; `visit` is the story's, around which the others lie."""
    _suggest(cur, [person for person in persons if "rep_visibility" in allowed[person.id]], now)
    _arrange(cur, rep, persons, visit, now)
    for number, (title, person) in enumerate(zip(TASKS, persons[4:], strict=False)):
        due = (visit + timedelta(days=number)).date()
        todo.add(cur, rep=rep, person=person.id, title=title, due=due, source=f"demo:{number}", now=now)
    _mail(cur, [person for person in persons if "email" in allowed[person.id]][:5], visit, now)


def _suggest(cur: Cursor, persons: Sequence[Person], now: datetime) -> None:
    doctors = [person.id for person in persons if person.profession == "physician"]
    passed = Enrolment.objects.filter(person__in=doctors, journey__key=JOURNEY).order_by("entered_at", "id")
    newest = {each.person_id: each for each in passed}
    suggestions.make_all(
        cur,
        [
            Suggestion(
                id=ids.new(),
                person=person,
                enrolment=enrolment.id,
                version=enrolment.version_id,
                step="suggest",
                kind="visit",
                title_de="Kalium und Niere besprechen, danach den Ablauf zeigen.",
                title_en="Discuss potassium and kidney, then show the procedure.",
                products=(),
                content_slugs=("kaliummanagement",),
                created_at=now,
            )
            for person, enrolment in list(newest.items())[:SUGGESTED]
        ],
    )


def _arrange(cur: Cursor, rep: UUID, persons: Sequence[Person], visit: datetime, now: datetime) -> None:
    plans = ((timedelta(hours=3, minutes=30), "visit"), (timedelta(hours=5), "phone"), (timedelta(days=1), "visit"))
    doctors = [person for person in persons if person.profession == "physician"]
    for (after, channel), person in zip(plans, doctors[2:], strict=False):
        acts.plan(
            cur,
            rep=rep,
            person=person.id,
            at=visit + after,
            now=now,
            channel=channel,
            presumed_because="open_question" if channel == "phone" else "",
        )


def _mail(cur: Cursor, persons: Sequence[Person], visit: datetime, now: datetime) -> None:
    mail = content.live(cur, ["vertiefung-herzinsuffizienz"], now)["vertiefung-herzinsuffizienz"]
    due = [visit.replace(hour=9, minute=0) + timedelta(days=1 + number // 2) for number in range(len(persons))]
    door.ask(
        cur,
        [
            Question("send", Recipient("person", each.id), "email", "promotional", None, "marketing", mail.id, at=now)
            for each in persons
        ],
        now=now,
        messages=[MessageSpec(mail.id, due_at=moment) for moment in due],
    )
