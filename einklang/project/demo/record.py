"""Five weeks in which the gate was asked, messages went out and people looked after them. All of it fiction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from uuid import UUID

from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.faces.studio.models import SavedView
from einklang.facts.audit import trail
from einklang.facts.consent import ledger
from einklang.facts.content import read as content
from einklang.facts.people.models import Person
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import door, tasks
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log, pulse
from einklang.loop.interactions.pulse import Beat

WEEKS = 5
ASKED = 14
SEED = 83
MORNING = timedelta(hours=2)  # past the quiet hours, whatever the season
HELD = 2
WITHDRAWN = 3
STEPS = 48  # half hours of a day
VIEWS = (
    ("Zurückgehalten: E‑Mail", "/studio/verdicts/", "antwort=no&kanal=email"),
    ("Was angehalten ist", "/studio/messages/", "zustand=held"),
    ("Widerrufe", "/studio/consents/", "stand=withdrawn"),
)


def write(persons: Sequence[Person], staff: UUID, now: datetime) -> None:
    """`persons` are those of whom the story tells nothing; own transactions, as the dispatcher has its own."""
    random = Random(SEED)
    some = list(persons)
    with transaction.atomic():
        cur = cursor()
        mails = content.listing(cur, now=now, kinds=["mail"])
        mail = next((each for each in mails if each.promotional and each.rx), mails[0])
        _withdraw(cur, [person.id for person in some[:WITHDRAWN]], now)
    adapter = FakeAdapter()
    for week in range(WEEKS, 0, -1):
        at = now - timedelta(days=7 * week) + MORNING
        with transaction.atomic():
            _ask(cursor(), random.sample(some, min(ASKED, len(some))), mail.id, at)
        tasks.dispatch(at, {"email": adapter})
    with transaction.atomic():
        cur = cursor()
        _look_after(cur, some, mail.id, staff, now)
        _keep_views(staff)


def remember_the_day(cur: Cursor, now: datetime) -> None:
    """How far the readers had come, half an hour after the other: the story has moved the clock by days."""
    pulse.write(cur, _beats(now, log.safe_position(cur)))


def _ask(cur: Cursor, persons: Sequence[Person], mail: UUID, at: datetime, due: datetime | None = None) -> list[UUID]:
    questions = [
        Question("send", Recipient("person", each.id), "email", "promotional", unit="marketing", content=mail, at=at)
        for each in persons
    ]
    asked = door.ask(cur, questions, now=at, messages=[MessageSpec(mail, due_at=due) for _ in questions])
    return [one.message for one in asked if one.message and one.verdict.answer != "no"]


def _withdraw(cur: Cursor, persons: Sequence[UUID], now: datetime) -> None:
    for days, person in enumerate(persons, start=25):
        entry = ledger.Entry(
            subject=person,
            permission="email",
            channel="email",
            purpose="promotional",
            state="withdrawn",
            wording=None,
            evidence={"form": "Abmeldelink in der E-Mail", "demo": True},
            source="mail",
        )
        ledger.append(cur, [entry], now - timedelta(days=days))


def _look_after(cur: Cursor, persons: Sequence[Person], mail: UUID, staff: UUID, now: datetime) -> None:
    """Two messages wait for somebody; some acts of the last days stand in the audit log."""
    waiting = _ask(cur, persons[-8:], mail, now, now + timedelta(days=20))[:HELD]
    held = sorted(door.hold(cur, waiting, "Von Hand angehalten: Ada Winter", now))
    acts = [
        trail.Act(act="consent.check", object="ledger", who=staff, new="whole"),
        trail.Act(act="list.export", object="list:verdicts", who=staff, new={"filters": ["antwort", "kanal"]}),
        *(
            trail.Act(
                act="message.hold",
                object=f"message:{each}",
                who=staff,
                field="state",
                old="planned",
                new="held",
                reason="Rückfrage der Praxis",
            )
            for each in held
        ),
    ]
    trail.write(cur, acts, now)


def _keep_views(staff: UUID) -> None:
    SavedView.objects.bulk_create(
        SavedView(owner_id=staff, name=name, path=path, query=query, shared=True) for name, path, query in VIEWS
    )


def _beats(now: datetime, head: int) -> list[Beat]:
    """A quiet day with one busy morning, in which half of what the log holds was read."""
    busy = [38 * math.exp(-(((step - 6) / 1.6) ** 2)) for step in range(STEPS)]
    share = list(accumulate(1 + each for each in busy))
    found = []
    for step, much in enumerate(busy):
        at = now - timedelta(minutes=30 * (STEPS - step))
        pos = head // 2 + round(head / 2 * share[step] / share[-1])
        found += [
            Beat("profiles", at, round(40 * much), round(0.3 + 0.6 * much, 2), pos),
            Beat("journeys", at, round(60 * much), round(0.5 + much, 2), pos - round(much)),
        ]
    return found
