from __future__ import annotations

import gzip
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from einklang.core.connection import cursor
from einklang.faces.portal.tests.conftest import Enter
from einklang.loop.decide import recommend
from einklang.loop.interactions import consumers, log, make
from einklang.loop.profiles.consumer import CONSUMER
from tests import cast

NEWS = "Wechselwirkungen im Überblick"


def contents() -> None:
    cast.article()
    cast.article("herz-und-niere", topics=[cast.TOPIC], valid_from=cast.NOW - timedelta(days=3))
    cast.product_article()
    body = {"de": {"title": NEWS, "lede": "Drei Fragen.", "blocks": []}}
    recent = cast.NOW - timedelta(days=1)
    cast.frozen("wechselwirkungen", "article", body, audience="fachkreis", topics=["arzneimittel"], valid_from=recent)


def slugs(text: str) -> list[str]:
    chosen = text.partition('class="fresh"')[0]
    return list(dict.fromkeys(re.findall(r'href="/inhalt/([\w-]+)"', chosen)))


@pytest.mark.django_db
def test_without_tracking_the_newest_comes_first_and_nothing_is_said_about_the_reader(enter: Enter) -> None:
    contents()
    text = enter(cast.albrecht()).get("/").content.decode()
    assert slugs(text)[0] == "wechselwirkungen"
    assert "Aus der Redaktion" in text
    assert "Weil Sie" not in text


def test_with_tracking_the_order_and_the_reasons_are_those_that_decide_computed(
    fresh_db: str, enter: Enter, story_time: datetime
) -> None:
    contents()
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    cur = cursor()
    read = {"content_slug": "herzinsuffizienz-praxis", "topics": [cast.TOPIC], "title": "Herzinsuffizienz"}
    log.record(cur, [make.interaction("content.viewed", now=story_time, person=doctor.id, properties=read)])
    consumers.advance(cur, CONSUMER, story_time)
    text = enter(doctor).get("/").content.decode()
    picks = recommend.for_person(cur, [doctor.id], story_time, personal=True)[doctor.id]
    assert slugs(text) == [pick.version.slug for pick in picks]
    assert slugs(text)[0] != "wechselwirkungen"
    assert str(picks[0].reasons[0].text) in text
    assert "Pflichtangaben: Velunor 10 mg Filmtabletten" in text
    assert "Aus der Redaktion" in enter(doctor).get("/?ohne").content.decode()


@pytest.mark.django_db
def test_DE_HWG_02_the_home_of_a_nurse_names_no_prescription_medicine(enter: Enter) -> None:
    contents()
    for path in ("/", "/wissen"):
        text = enter(cast.holtz()).get(path).content.decode()
        assert "Velunor" not in text
        assert NEWS in text


@pytest.mark.django_db
def test_the_greeting_is_hers(enter: Enter) -> None:
    assert "Guten Morgen, Frau Dr. Albrecht." in enter(cast.albrecht()).get("/").content.decode()
    assert "Guten Morgen, Frau Lorenz." in enter(cast.lorenz()).get("/").content.decode()


@pytest.mark.django_db
def test_the_page_weighs_at_most_160_kilobytes_with_all_it_loads(enter: Enter) -> None:
    contents()
    page = enter(cast.albrecht()).get("/").content
    loaded = set(re.findall(rb'(?:href|src)="/static/([^"#]+)', page))
    assert len(loaded) > 5
    files = [Path(finders.find(name.decode()) or "").read_bytes() for name in loaded]
    assert sum(len(gzip.compress(each)) for each in [page, *files]) <= 160 * 1024
