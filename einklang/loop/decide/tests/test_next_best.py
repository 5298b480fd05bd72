from __future__ import annotations

import pytest

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import topics
from einklang.facts.content.topics import Topic
from einklang.facts.people.models import Person, Verification
from einklang.loop.decide import next_best
from einklang.loop.decide.next_best import NextBest
from einklang.loop.decide.tests.parts import DAY, NOW, consume, happens, published, reader, reads, wakes
from tests import cast

MONDAY = NOW + 4 * DAY
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


@pytest.fixture
def doctor(cur: Cursor) -> Person:
    """She read, got the mail and clicked; the journey suggests the visit."""
    person = reader()
    published()
    happens(cur, "visit.held", person, NOW - 66 * DAY, {"products": []})
    reads(cur, person)
    consume(cur, NOW)
    wakes(cur, NOW + 2 * DAY)
    ((mail,),) = cur.execute("SELECT id FROM gate_message").fetchall()
    click = {"link": "Zur Studie", "content_slug": "velunor-studie", "topics": [cast.TOPIC]}
    happens(cur, "email.clicked", person, NOW + 3 * DAY, click, message=mail)
    consume(cur, MONDAY)
    wakes(cur, MONDAY)
    return person


def best(cur: Cursor, person: Person, grade: str | None = "title") -> NextBest:
    rep = cast.petersen().id
    return next_best.for_person(cur, rep, [person.id], MONDAY, grades={person.id: grade})[person.id]


def test_the_points_of_the_reasons_add_up_to_the_score(cur: Cursor, doctor: Person) -> None:
    (step,) = best(cur, doctor).steps
    assert step.title.de == "Die Studie besprechen."
    assert step.score == sum(reason.points for reason in step.reasons) <= 100
    assert [(reason.points, reason.channel) for reason in step.reasons] == [
        (30, "portal"),
        (23, "portal"),
        (20, "email"),
        (10, "visit"),
    ]


def test_with_the_grade_title_reasons_say_title_and_date(cur: Cursor, doctor: Person) -> None:
    (step,) = best(cur, doctor).steps
    assert [reason.text.de for reason in step.reasons] == [
        "Die Journey „Lesen, vertiefen, besuchen“ schlägt diesen Besuch vor.",
        f"Las am 19.{NBSP}November „Praxis“.",
        f"Folgte am 22.{NBSP}November in einer E-Mail dem Link „Zur Studie“.",
        "70 Tage seit dem letzten Besuch. Ziel: 60.",
    ]


def test_with_the_grade_topic_reasons_say_topic_and_month(cur: Cursor, doctor: Person) -> None:
    topics.save(cur, {cast.TOPIC: Topic(Words("Herzinsuffizienz", "Heart failure"))})
    (step,) = best(cur, doctor, "topic").steps
    assert "Read about Heart failure in November." in [reason.text.en for reason in step.reasons]
    told = " ".join(reason.text.de for reason in step.reasons)
    assert "Las im November zum Thema Herzinsuffizienz." in told
    assert "Praxis" not in told
    assert "19." not in told


def test_DE_TRK_04_without_visibility_nothing_is_built_on_portal_or_mail(cur: Cursor, doctor: Person) -> None:
    (step,) = best(cur, doctor, None).steps
    assert step.title.de == "Einen Besuch vereinbaren."
    assert [reason.channel for reason in step.reasons] == ["visit"]
    assert step.score == 10


def test_unread_content_on_her_topic_is_a_reason(cur: Cursor, doctor: Person) -> None:
    cast.article("unread")
    (step,) = best(cur, doctor).steps
    unread = [reason for reason in step.reasons if "Noch nicht gelesen" in reason.text.de]
    assert [reason.points for reason in unread] == [15]


def test_DE_HWG_02_without_audience_there_is_no_step_about_the_prescription_medicine(
    cur: Cursor, doctor: Person
) -> None:
    Verification.objects.filter(person=doctor).update(valid_until=MONDAY)
    found = best(cur, doctor)
    assert [step.title.de for step in found.steps] == ["Das Thema Herzinsuffizienz im Besuch aufgreifen."]
    assert ("show", "DE-HWG-02") in [(each.act, each.rule) for each in found.why_nots]


def test_DE_CON_11_after_an_objection_the_visit_is_a_why_not(cur: Cursor, doctor: Person) -> None:
    cast.object_to(doctor, "visit")
    found = best(cur, doctor)
    assert found.steps == ()
    (refused,) = [each for each in found.why_nots if each.act == "visit"]
    assert refused.rule == "DE-CON-11"
    assert refused.text.de.startswith("Dr. Albrecht hat ")


def test_a_sample_without_request_is_a_why_not_with_its_way_out(cur: Cursor, doctor: Person) -> None:
    (refused,) = [each for each in best(cur, doctor).why_nots if each.act == "hand_over"]
    assert (refused.rule, refused.title.en) == ("DE-SAM-02", "Hand over a sample")
    assert refused.way_out.de


def test_a_click_is_a_reason_only_if_it_stands_in_the_log(cur: Cursor) -> None:
    person = reader()
    reads(cur, person)
    consume(cur, NOW)
    (step,) = best(cur, person).steps
    assert "email" not in [reason.channel for reason in step.reasons]


def test_after_the_visit_the_suggestion_is_gone(cur: Cursor, doctor: Person) -> None:
    happens(cur, "visit.held", doctor, MONDAY, {"products": []})
    consume(cur, MONDAY)
    assert [step.suggestion for step in best(cur, doctor).steps] == [None]
