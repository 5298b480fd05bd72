"""What the rep sees is what the person can read: one text, in the grade that she granted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from einklang.core.connection import cursor
from einklang.core.words import Words
from einklang.facts.content import topics
from einklang.facts.content.topics import Topic
from einklang.facts.people.models import Person, User
from einklang.loop.decide import insight, told
from einklang.loop.gate import verdicts
from einklang.loop.interactions import log, make
from tests import cast

NOW = cast.NOW + timedelta(days=5)


@pytest.fixture
def doctor(db: None) -> Person:
    return cast.albrecht()


@pytest.fixture
def rep(doctor: Person) -> User:
    return cast.petersen()


def happens(kind: str, person: Person, purpose: str = "promotional", **properties: Any) -> None:
    told = make.interaction(kind, now=cast.NOW, source="test", person=person.id, purpose=purpose, properties=properties)
    log.record(cursor(), [told])


def titles(doctor: Person, rep: User) -> list[str]:
    return [each.title.de for each in told.lines(insight.preview(cursor(), rep.id, doctor.id, NOW))]


def test_a_preview_says_what_the_page_says_and_stores_nothing(doctor: Person, rep: User) -> None:
    cast.allow(doctor, "rep_visibility", grade="title")
    happens("content.viewed", doctor, content_slug="studie", topics=[cast.TOPIC], title="Die Studie")
    seen = insight.preview(cursor(), rep.id, doctor.id, NOW)
    assert verdicts.listing(cursor(), person=doctor.id) == []
    assert told.lines(seen) == told.lines(insight.disclosed(cursor(), rep.id, doctor.id, NOW))
    assert [each.title.en for each in told.lines(seen)] == ["Read “Die Studie”"]
    assert len(verdicts.listing(cursor(), person=doctor.id)) == 1


def test_at_grade_topic_neither_title_nor_day_is_told(doctor: Person, rep: User) -> None:
    cast.allow(doctor, "rep_visibility", grade="topic")
    happens("content.viewed", doctor, content_slug="studie", topics=[cast.TOPIC], title="Die Studie")
    topics.save(cursor(), {cast.TOPIC: Topic(Words("Herzinsuffizienz", "Heart failure"))})
    (line,) = told.lines(insight.preview(cursor(), rep.id, doctor.id, NOW))
    assert line.monthly
    assert (line.title.de, line.title.en) == ("Las zum Thema Herzinsuffizienz", "Read on Heart failure")


def test_her_own_business_with_the_house_is_not_for_sales(doctor: Person, rep: User) -> None:
    cast.allow(doctor, "rep_visibility", grade="title")
    happens("email.sent", doctor, "transactional", subject="Passwort zurücksetzen")
    happens("person.merged", doctor)
    happens("email.sent", doctor, "promotional", subject="Vertiefung")
    assert titles(doctor, rep) == ["E\u2011Mail „Vertiefung“"]
