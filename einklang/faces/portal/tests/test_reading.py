from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from einklang.core import tokens
from einklang.core.connection import cursor
from einklang.faces.portal.models import ViewCount
from einklang.faces.portal.tests.conftest import Enter
from einklang.loop.interactions import keys
from tests import cast

pytestmark = pytest.mark.django_db


def handed(text: str) -> dict[str, object] | None:
    found = re.search(r'<script id="event" type="application/json">(.*?)</script>', text)
    return json.loads(found[1]) if found else None


def test_with_tracking_the_page_hands_its_script_event_key_and_token(enter: Enter) -> None:
    version, doctor = cast.article(), cast.albrecht()
    cast.allow(doctor, "tracking")
    page = handed(enter(doctor).get("/inhalt/herzinsuffizienz-praxis").content.decode())
    assert page is not None
    assert page["key"] == keys.browser(cursor(), cast.NOW)
    assert tokens.read("intake", str(page["token"]), now=None) == {"person": str(doctor.id)}
    event = page["event"]
    assert isinstance(event, dict)
    assert event["event"] == "content.viewed"
    assert event["context"]["token"] == page["token"]
    assert event["properties"] == {
        "content": str(version.id),
        "content_slug": "herzinsuffizienz-praxis",
        "topics": [cast.TOPIC],
        "title": "Herzinsuffizienz: was sich für die Praxis ändert",
    }


def test_DE_TRK_01_without_tracking_the_server_counts_without_a_person(enter: Enter) -> None:
    version = cast.article()
    client = enter(cast.albrecht())
    for _ in range(2):
        text = client.get("/inhalt/herzinsuffizienz-praxis").content.decode()
    assert handed(text) is None
    assert "view.js" not in text
    assert [(row.content, row.n) for row in ViewCount.objects.all()] == [(version.id, 2)]


def test_with_tracking_nothing_is_counted_twice(enter: Enter) -> None:
    cast.article()
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    enter(doctor).get("/inhalt/herzinsuffizienz-praxis")
    assert not ViewCount.objects.exists()


def test_DE_HWG_02_rx_content_opens_for_a_verified_doctor_with_its_mandatory_text(enter: Enter) -> None:
    cast.product_article()
    response = enter(cast.albrecht()).get("/inhalt/velunor-studie")
    text = response.content.decode()
    assert response.status_code == 200
    assert "Pflichtangaben: Velunor 10 mg Filmtabletten" in text
    assert "Schwindel, Hypotonie." in text
    assert "Nebenwirkung melden" in text


@pytest.mark.parametrize("reader", [lambda: cast.albrecht(verified=False), cast.holtz])
def test_DE_HWG_02_others_read_why_not_and_nothing_promotional(enter: Enter, reader: object) -> None:
    cast.product_article()
    response = enter(reader()).get("/inhalt/velunor-studie")  # type: ignore[operator]
    text = response.content.decode()
    assert response.status_code == 403
    assert "Nein." in text
    assert "DE-HWG-02" in text
    assert "Velunor" not in text


def test_DE_HWG_02_a_nurse_is_spoken_to_and_not_about(enter: Enter) -> None:
    cast.product_article()
    text = enter(cast.holtz()).get("/inhalt/velunor-studie").content.decode()
    assert "erlaubt uns, ihn nur Ärztinnen, Ärzten und Apotheken zu zeigen" in text
    assert "Frau Holtz darf" not in text
    assert "neu nachweist" not in text


def test_DE_HWG_02_nobody_reads_without_a_login(client: Client) -> None:
    cast.product_article()
    response = client.get("/inhalt/velunor-studie", follow=True)
    assert response.redirect_chain
    assert "Velunor" not in response.content.decode().replace("/inhalt/velunor-studie", "")


def test_a_mail_is_no_page(enter: Enter) -> None:
    cast.mail()
    assert enter(cast.albrecht()).get("/inhalt/vertiefung-herzinsuffizienz").status_code == 404


def test_the_rep_has_no_portal(client: Client) -> None:
    cast.article()
    client.force_login(cast.petersen(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/inhalt/herzinsuffizienz-praxis").status_code == 403
    assert client.get("/").headers["Location"] == "/desk/"


def test_an_english_reader_gets_the_english_text(enter: Enter) -> None:
    cast.article()
    client = enter(cast.albrecht())
    client.post("/ui/language", {"locale": "en", "next": "/wissen"})
    text = client.get("/inhalt/herzinsuffizienz-praxis").content.decode()
    assert '<html lang="en"' in text
    assert "Heart failure: what changes in practice" in text
