from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter, happens, reads
from einklang.facts.people.models import Person
from einklang.loop.gate import verdicts
from einklang.loop.interactions import log, make
from tests import cast


def page(client: Client, person: Person) -> str:
    answer = client.get(reverse("desk:person", args=[person.id]))
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def disclosures(person: Person) -> list[str]:
    return [
        each.verdict.answer for each in verdicts.listing(cursor(), person=person.id) if each.question.act == "disclose"
    ]


def test_permissions_are_told_in_words(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "email")
    cast.allow(doctor, "rep_visibility", grade="topic")
    cast.withdraw(doctor, "phone")
    cast.object_to(doctor, "visit")
    text = page(enter(cast.petersen()), doctor)
    for said in (
        "erteilt am 19. Nov.",
        "Thema und Monat",
        "widerrufen am 19. Nov.",
        "widersprochen am 19. Nov.",
        "fehlt",
    ):
        assert said in text


def test_reading_is_told_by_topic_and_month_at_grade_topic(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "tracking")
    cast.allow(doctor, "rep_visibility", grade="topic")
    reads(doctor)
    text = page(enter(cast.petersen()), doctor)
    assert "Las zum Thema Herzinsuffizienz" in text
    assert "November 2026" in text
    assert "Was sich für die Praxis ändert" not in text
    assert "19. Nov" not in text.split('class="story"')[1]


def test_reading_is_told_by_title_and_date_at_grade_title(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "tracking")
    cast.allow(doctor, "rep_visibility", grade="title")
    reads(doctor)
    text = page(enter(cast.petersen()), doctor)
    assert "Las „Was sich für die Praxis ändert“" in text
    assert "19. Nov." in text.split('class="story"')[1]


def test_DE_TRK_04_without_permission_neither_reading_nor_mail_engagement_is_shown(
    enter: Enter, doctor: Person
) -> None:
    cast.allow(doctor, "tracking", "mail_tracking")
    reads(doctor)
    happens("email.clicked", doctor, link="https://example.com/studie", content_slug="velunor-studie")
    happens("visit.held", doctor, cast.NOW - timedelta(days=60), products=[])
    text = page(enter(cast.petersen()), doctor)
    assert "DE-TRK-04" in text
    for hidden in ("Herzinsuffizienz</b>", "Las ", "Klickte", "Interessen"):
        assert hidden not in text
    assert "Besuch" in text.split('class="story"')[1]


def test_DE_TRK_04_a_suggestion_does_not_tell_the_minute_of_the_click_it_waited_for(
    enter: Enter, doctor: Person
) -> None:
    happens("suggestion.made", doctor)
    assert "Die Journey schlägt" not in page(enter(cast.petersen()), doctor)
    cast.allow(doctor, "rep_visibility", grade="topic")
    told = page(enter(cast.petersen()), doctor).split('class="story"')[1]
    assert "Die Journey schlägt" in told
    assert "19. Nov." not in told


def test_what_the_rep_was_shown_is_stored_once_a_day(enter: Enter, doctor: Person) -> None:
    client = enter(cast.petersen())
    page(client, doctor)
    page(client, doctor)
    client.get(reverse("desk:live", args=[doctor.id]))
    assert disclosures(doctor) == ["no"]
    cast.allow(doctor, "rep_visibility", grade="title", now=TUESDAY)
    page(client, doctor)
    assert disclosures(doctor) == ["yes", "no"]


def test_what_was_said_to_medical_or_safety_is_absent(enter: Enter, doctor: Person) -> None:
    cast.allow(doctor, "rep_visibility")
    for purpose in ("medical", "safety"):
        told = make.interaction(
            "content.viewed",
            now=cast.NOW,
            source="test",
            person=doctor.id,
            purpose=purpose,
            properties={"content_slug": "geheim", "topics": [cast.TOPIC], "title": "Geheimer Titel"},
        )
        log.record(cursor(), [told])
    assert "Geheimer Titel" not in page(enter(cast.petersen()), doctor)
