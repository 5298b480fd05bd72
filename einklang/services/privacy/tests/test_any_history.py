"""Whatever somebody did before: after the erasure the chains hold, the profile is empty, and no message can be sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core.connection import cursor
from einklang.core.errors import EinklangError
from einklang.facts.consent import status, verify
from einklang.facts.people.models import Person
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import browse, door, tasks
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.interactions import log, make
from einklang.loop.profiles import consumer as profiles
from einklang.loop.profiles import read
from einklang.services.privacy import rights
from tests import cast

NOW = cast.NOW
Act = Callable[[Person, datetime], object]


def reads(person: Person, now: datetime) -> None:
    told = {"content_slug": f"a{now.day}", "topics": [cast.TOPIC], "title": "Herzinsuffizienz"}
    log.record(cursor(), [make.interaction("content.viewed", now=now, person=person.id, properties=told)])
    profiles.advance(cursor(), log.read(cursor(), after=0, limit=1000, until=10**9), now)


def is_written_to(person: Person, now: datetime) -> None:
    mail = cast.mail()
    question = Question(
        "send", Recipient("person", person.id), "email", "promotional", unit="marketing", content=mail.id, at=now
    )
    door.ask(cursor(), [question], now=now, messages=[door.MessageSpec(mail.id)])


def is_looked_at(person: Person, now: datetime) -> None:
    door.disclose(cursor(), rep=cast.petersen().id, person=person.id, now=now, fields=("interests",))


ACTS: tuple[Act, ...] = (
    reads,
    is_written_to,
    is_looked_at,
    lambda person, now: cast.allow(person, "email", now=now),
    lambda person, now: cast.allow(person, "tracking", "rep_visibility", now=now),
    lambda person, now: cast.withdraw(person, "email", now=now),
    lambda person, now: cast.object_to(person, "marketing", now=now),
)


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(ACTS), max_size=8))
def test_after_any_history_an_erasure_leaves_whole_chains_and_an_empty_profile(acts: list[Act]) -> None:
    with transaction.atomic():
        person = cast.albrecht()
        for hours, act in enumerate(acts):
            act(person, NOW + timedelta(hours=hours))
        end = NOW + timedelta(days=1)
        rights.erase(cursor(), person=person.id, by=None, now=end)
        assert verify.verify(cursor()) is None
        known = status.status(cursor(), [person.id])[person.id]
        assert [each for each in known.values() if each.granted and each.state != "objected"] == []
        assert read.profiles(cursor(), [person.id])[person.id].topics == {}
        assert browse.listing(cursor(), person=person.id) == []
        with pytest.raises(EinklangError):
            is_written_to(person, end)
        transaction.set_rollback(True)


def test_what_was_planned_for_somebody_who_is_erased_never_leaves(fresh_db: str) -> None:
    cur, adapter = cursor(), FakeAdapter("email")
    person = cast.albrecht()
    cast.allow(person, "email")
    is_written_to(person, NOW)
    with transaction.atomic():
        rights.erase(cur, person=person.id, by=None, now=NOW)
    assert tasks.dispatch(NOW + timedelta(days=2), {"email": adapter}) == 0
