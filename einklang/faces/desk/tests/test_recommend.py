from __future__ import annotations

import re

from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter
from einklang.facts.people.models import Person
from einklang.loop.decide import recommend
from einklang.loop.gate import verdicts
from einklang.loop.interactions import log
from tests import cast

SLUG = re.compile(r'data-slug="([^"]+)"')


def shown(enter: Enter, person: Person) -> tuple[list[str], str]:
    page = enter(cast.petersen()).get(reverse("desk:recommend", args=[person.id])).content.decode()
    return SLUG.findall(page), page


def test_the_tablet_shows_two_in_the_order_of_the_portal_home(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "tracking", "rep_visibility")
    home = recommend.for_person(cursor(), [doctor.id], TUESDAY, personal=True)[doctor.id]
    slugs, page = shown(enter, doctor)
    assert slugs == [pick.version.slug for pick in home[:2]]
    assert len(slugs) == 2
    assert 'class="why"' in page


def test_without_visibility_the_list_is_not_personal_and_has_no_reasons(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "tracking")
    plain = recommend.for_person(cursor(), [doctor.id], TUESDAY, personal=False)[doctor.id]
    slugs, page = shown(enter, doctor)
    assert slugs == [pick.version.slug for pick in plain[:2]]
    assert "Ohne Personalisierung" in page
    assert 'class="why"' not in page


def test_DE_HWG_02_a_nurse_is_shown_nothing_for_prescribers(enter: Enter, doctor: Person) -> None:
    slugs, page = shown(enter, cast.holtz())
    assert slugs == ["herzinsuffizienz-praxis"]
    assert "Pflichtangaben" not in page


def test_DE_HWG_04_what_names_a_medicine_carries_its_mandatory_text(enter: Enter, doctor: Person) -> None:
    slugs, page = shown(enter, doctor)
    assert "velunor-studie" in slugs
    assert "Überempfindlichkeit gegen den Wirkstoff." in page
    assert "Nebenwirkung" in page


def test_what_was_shown_stands_in_the_log_once_a_day(enter: Enter, doctor: Person) -> None:
    slugs, _ = shown(enter, doctor)
    shown(enter, doctor)
    (entry,) = log.person_history(cursor(), [doctor.id], kinds=["recommendation.shown"], limit=9)
    assert entry.properties["content_slugs"] == slugs


def test_what_the_reasons_tell_the_rep_is_stored_as_disclosed(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "tracking", "rep_visibility", grade="topic")
    shown(enter, doctor)
    (stored,) = verdicts.listing(cursor(), person=doctor.id)
    assert (stored.question.act, stored.verdict.flags["grade"]) == ("disclose", "topic")
