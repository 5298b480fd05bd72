"""What a reader says about what is chosen for her, what she began, put aside and searched for."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from einklang.core.connection import cursor
from einklang.core.words import Words
from einklang.faces.portal import searches, shelf
from einklang.faces.portal.tests.conftest import Enter
from einklang.faces.portal.tests.test_home import slugs
from einklang.facts.content import topics
from einklang.facts.content.topics import Topic
from einklang.loop.decide import tastes
from einklang.services.privacy import acts
from tests import cast

pytestmark = pytest.mark.django_db

ARTICLE = "/inhalt/herzinsuffizienz-praxis"


def reader(enter: Enter, *permissions: str) -> tuple[Client, UUID]:
    cast.article()
    cast.article("herz-und-niere", topics=[cast.TOPIC, "nierenfunktion"], valid_from=cast.NOW - timedelta(days=3))
    doctor = cast.albrecht()
    cast.allow(doctor, *permissions)
    return enter(doctor), doctor.id


def test_what_is_not_for_her_goes_and_can_be_taken_back(enter: Enter) -> None:
    client, doctor = reader(enter, "tracking")
    hidden = {"kind": "hide", "target": "herz-und-niere"}
    text = client.post("/auswahl", hidden, follow=True).content.decode()
    assert "herz-und-niere" not in slugs(text)
    assert "Rückgängig" in text
    assert "Rückgängig" not in client.get("/").content.decode()
    assert "Was Sie nicht oder weniger sehen möchten" in client.get("/einstellungen").content.decode()
    assert "herz-und-niere" in slugs(client.post("/auswahl", {**hidden, "undo": "1"}, follow=True).content.decode())
    assert tastes.of(cursor(), [doctor]) == {}


def test_less_of_a_topic_is_said_in_its_name(enter: Enter) -> None:
    topics.save(cursor(), {"nierenfunktion": Topic(Words("Nierenfunktion", "Kidney function"))})
    client, doctor = reader(enter, "tracking")
    client.post("/ui/language", {"locale": "en"})
    text = client.post("/auswahl", {"kind": "less", "target": "nierenfunktion"}, follow=True).content.decode()
    assert "We suggest less on Kidney function." in text
    assert tastes.of(cursor(), [doctor])[doctor].less == {"nierenfunktion"}


def test_an_unknown_word_about_a_choice_is_refused(enter: Enter) -> None:
    client, doctor = reader(enter, "tracking")
    assert client.post("/auswahl", {"kind": "more", "target": "x"}).status_code == 400
    assert tastes.of(cursor(), [doctor]) == {}


def test_what_she_began_stands_on_the_home_page(enter: Enter) -> None:
    client, _ = reader(enter, "tracking")
    assert client.post(f"{ARTICLE}/fortschritt", {"percent": "40"}).status_code == 204
    assert f"{ARTICLE}?weiter" in client.get("/").content.decode()
    client.post(f"{ARTICLE}/fortschritt", {"percent": "100"})
    assert f"{ARTICLE}?weiter" not in client.get("/").content.decode()


def test_DE_TRK_01_without_permission_nothing_about_her_reading_is_kept(enter: Enter) -> None:
    client, doctor = reader(enter)
    client.post(f"{ARTICLE}/fortschritt", {"percent": "40"})
    client.get("/suche?q=Herz")
    assert shelf.kept(cursor(), doctor) == {}
    assert searches.last(cursor(), doctor) == []
    assert "data-progress" not in client.get(ARTICLE).content.decode()


def test_a_withdrawal_takes_progress_and_searches_along_but_not_what_she_put_aside(enter: Enter) -> None:
    client, doctor = reader(enter, "tracking")
    client.post(f"{ARTICLE}/fortschritt", {"percent": "40"})
    client.post(f"{ARTICLE}/merken")
    client.get("/suche?q=Herz")
    client.post("/einstellungen", {"act": "withdraw", "permission": "tracking"})
    (kept,) = shelf.kept(cursor(), doctor).values()
    assert (kept.percent, kept.saved_at is not None) == (None, True)
    assert searches.last(cursor(), doctor) == []


@pytest.mark.parametrize("permission", ["tracking", "mail_tracking"])
@pytest.mark.parametrize("channel", ["visit", "email"])
def test_DE_CON_07_a_withdrawal_outside_the_portal_clears_it_too(enter: Enter, channel: str, permission: str) -> None:
    client, doctor = reader(enter, "tracking", "mail_tracking")
    client.post(f"{ARTICLE}/fortschritt", {"percent": "40"})
    client.get("/suche?q=Herz")
    acts.withdraw(cursor(), person=doctor, permission=permission, evidence={}, now=cast.NOW, channel=channel)
    ends = permission == "tracking"
    assert (shelf.kept(cursor(), doctor) == {}, searches.last(cursor(), doctor) == []) == (ends, ends)


def test_saved_twice_is_saved_once_and_can_be_taken_back(enter: Enter) -> None:
    client, doctor = reader(enter)
    client.post(f"{ARTICLE}/merken")
    text = client.post(f"{ARTICLE}/merken", follow=True).content.decode()
    assert "Gemerkt" in text
    assert "Gemerkt am" in client.get("/").content.decode()
    client.post(f"{ARTICLE}/merken", {"undo": "1"})
    assert shelf.kept(cursor(), doctor) == {}
    assert client.post("/inhalt/nirgends/merken").status_code == 404


def test_related_items_share_a_topic(enter: Enter) -> None:
    client, _ = reader(enter)
    cast.article("schnupfen", topics=["erkältung"])
    related = client.get(ARTICLE).content.decode().partition('id="related"')[2]
    assert "/inhalt/herz-und-niere" in related
    assert "/inhalt/schnupfen" not in related


def test_DE_HWG_04_a_medicine_that_only_a_related_title_names_has_its_mandatory_text_on_the_page(enter: Enter) -> None:
    client, _ = reader(enter)
    cast.product_article()
    text = client.get(ARTICLE).content.decode()
    assert "/inhalt/velunor-studie" in text.partition('id="related"')[2]
    assert "Pflichtangaben: Velunor" in text


def test_a_pause_has_an_end_within_a_year(enter: Enter, story_time: datetime) -> None:
    client, _ = reader(enter)
    for day, said in (
        ("2026-11-01", "frühestens morgen"),
        ("2028-11-01", "spätestens in einem Jahr"),
        ("x", "kein Tag"),
    ):
        text = client.post("/einstellungen", {"act": "pause", "until": day}).content.decode()
        assert said in text
        assert f'value="{day}"' in text
    paused = client.post("/einstellungen", {"act": "pause", "until": "2026-12-24"}, follow=True).content.decode()
    assert "bis 24.\N{NO-BREAK SPACE}Dezember\N{NO-BREAK SPACE}2026" in paused
    assert "keine Werbung bis 24.\N{NO-BREAK SPACE}Dez." in client.get("/").content.decode()
    ended = client.post("/einstellungen", {"act": "resume"}, follow=True).content.decode()
    assert "Pause beenden" not in ended
