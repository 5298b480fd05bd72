from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einklang.core.connection import cursor
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.content import topics
from einklang.facts.content.topics import Topic
from einklang.loop.decide import recommend, tastes
from einklang.loop.decide.recommend import Pick
from einklang.loop.decide.tests.parts import DAY, NOW, consume, reader, reads
from tests import cast


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


def slugs(picks: list[Pick]) -> list[str]:
    return [pick.version.slug for pick in picks]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6))
def test_shares_are_whole_and_add_up_to_a_hundred(terms: list[float]) -> None:
    parts = recommend.shares(terms)
    assert sum(parts) == (100 if sum(terms) else 0)
    assert min(parts) >= 0


def test_the_topic_that_was_read_comes_before_what_is_newer(cur: Cursor) -> None:
    doctor = reader()
    cast.article("seen")
    cast.article("about-the-heart", valid_from=NOW - 50 * DAY)
    cast.article("a-cold", topics=["erkältung"], valid_from=NOW - DAY)
    reads(cur, doctor, slug="seen")
    consume(cur, NOW)
    found = recommend.for_person(cur, [doctor.id], NOW, personal=True)
    assert slugs(found[doctor.id]) == ["about-the-heart", "a-cold"]


def test_reasons_say_what_was_observed_and_when(cur: Cursor) -> None:
    doctor = reader()
    topics.save(cur, {cast.TOPIC: Topic(Words("Herzinsuffizienz", "Heart failure"), frozenset({doctor.specialty}))})
    cast.article("about-the-heart", valid_from=NOW)
    reads(cur, doctor, slug="seen")
    consume(cur, NOW)
    (pick,) = recommend.for_person(cur, [doctor.id], NOW, personal=True)[doctor.id]
    assert [(each.name.de, each.share) for each in pick.reasons] == [
        ("Ihr Leseverhalten", 60),
        ("Ihr Fachgebiet", 25),
        ("Neu im Portal", 15),
    ]
    assert pick.reasons[0].text.de == (
        "Weil Sie sich am 19.\N{NO-BREAK SPACE}November mit dem Thema Herzinsuffizienz beschäftigt haben."
    )
    assert pick.told("topic")[0][1].de == "Beschäftigte sich im November mit dem Thema Herzinsuffizienz."
    assert "19." in pick.told("title")[0][1].de
    assert pick.told(None) == ()


def test_without_personalisation_the_newest_comes_first_for_everybody(cur: Cursor) -> None:
    doctor = reader()
    cast.article("old", valid_from=NOW - 50 * DAY)
    cast.article("new", topics=["erkältung"], valid_from=NOW - DAY)
    reads(cur, doctor, slug="old")
    consume(cur, NOW)
    kern = cast.kern()
    found = recommend.for_person(cur, [doctor.id, kern.id], NOW, personal=False)
    assert slugs(found[doctor.id]) == slugs(found[kern.id]) == ["new", "old"]
    assert [reason.name.de for reason in found[doctor.id][0].reasons] == ["Neu im Portal"]


def test_prescription_content_needs_the_audience(cur: Cursor) -> None:
    cast.article()
    cast.product_article()
    doctor, nurse = cast.albrecht(), cast.holtz()
    everything = recommend.for_person(cur, [doctor.id, nurse.id], NOW, personal=False)
    assert "velunor-studie" in slugs(everything[doctor.id])
    assert "velunor-studie" not in slugs(everything[nurse.id])


def test_what_is_not_valid_yet_is_not_recommended(cur: Cursor) -> None:
    cast.article(valid_from=NOW + timedelta(seconds=1))
    doctor = cast.albrecht()
    assert recommend.for_person(cur, [doctor.id], NOW, personal=False)[doctor.id] == []


def test_what_she_hid_is_left_out_and_less_of_a_topic_counts_a_quarter(cur: Cursor) -> None:
    doctor = reader()
    cast.article("seen")
    cast.article("about-the-heart", valid_from=NOW - 50 * DAY)
    cast.article("hidden", valid_from=NOW - DAY)
    cast.article("a-cold", topics=["erkältung"], valid_from=NOW - DAY)
    reads(cur, doctor, slug="seen")
    consume(cur, NOW)
    plain = recommend.for_person(cur, [doctor.id], NOW, personal=True)[doctor.id]
    tastes.say(cur, doctor.id, "hide", "hidden", NOW)
    tastes.say(cur, doctor.id, "less", cast.TOPIC, NOW)
    tastes.say(cur, doctor.id, "less", cast.TOPIC, NOW)
    found = recommend.for_person(cur, [doctor.id], NOW, personal=True)
    assert slugs(plain) == ["hidden", "about-the-heart", "a-cold"]
    assert slugs(found[doctor.id]) == ["about-the-heart", "a-cold"]
    scores = {pick.version.slug: pick.score for pick in plain}
    assert found[doctor.id][0].score == pytest.approx(scores["about-the-heart"] / 4)
    tastes.unsay(cur, doctor.id, "hide", "hidden")
    assert tastes.of(cur, [doctor.id]) == {doctor.id: tastes.Taste(less=frozenset({cast.TOPIC}))}


def test_reasons_name_the_topic_in_the_language_of_the_reader(cur: Cursor) -> None:
    topics.save(cur, {cast.TOPIC: Topic(Words("Herzinsuffizienz", "Heart failure"))})
    doctor = reader()
    cast.article("about-the-heart", valid_from=NOW)
    reads(cur, doctor, slug="seen")
    consume(cur, NOW)
    (pick,) = recommend.for_person(cur, [doctor.id], NOW, personal=True)[doctor.id]
    assert "Herzinsuffizienz" in pick.reasons[0].text.de
    assert "Heart failure" in pick.reasons[0].text.en
