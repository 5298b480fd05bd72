from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from einklang.core.connection import cursor
from einklang.faces.portal import searches
from einklang.faces.portal.models import Document
from einklang.faces.portal.tests.conftest import Enter
from einklang.facts.content import sign
from tests import cast

pytestmark = pytest.mark.django_db


def contents() -> None:
    cast.article()
    cast.product_article()
    body = {
        "de": {
            "title": "Dosis bei Nierenfunktionsstörung", "lede": "Drei Grenzwerte.", "minutes": 4,
            "blocks": [{"type": "p", "text": "Unter 45 ml/min halbieren Sie die Dosis <b>sofort</b>."}],
        },
        "en": {"title": "Dose in renal impairment", "lede": "Three limits.", "minutes": 4, "blocks": []},
    }  # fmt: skip
    cast.frozen("dosis", "article", body, audience="fachkreis", topics=["nierenfunktion"])


def found(text: str) -> list[str]:
    return re.findall(r'<h2><a href="([^"]+)"', text.partition('class="hits"')[2].partition("</ol>")[0])


def ask(client: Client, query: str) -> str:
    return client.get(f"/suche?{query}").content.decode()


def test_words_are_found_in_their_forms_and_by_their_beginnings(enter: Enter) -> None:
    contents()
    client = enter(cast.albrecht())
    for words in ("Dosis", "Nieren", "grenzwertes", "grenzwert", "dosis nierenfunktion"):
        assert found(ask(client, f"q={words}")) == ["/inhalt/dosis"], words
    assert "1 Treffer zu „Nieren“" in ask(client, "q=Nieren")
    assert "<b>sofort" not in ask(client, "q=halbieren")


def test_the_other_language_is_found_too(enter: Enter) -> None:
    contents()
    assert found(ask(enter(cast.albrecht()), "q=impairment")) == ["/inhalt/dosis"]


def test_DE_HWG_02_a_nurse_finds_no_prescription_medicine(enter: Enter) -> None:
    contents()
    doctor, nurse = enter(cast.albrecht()), enter(cast.holtz())
    assert set(found(ask(doctor, "q=Velunor"))) == {"/inhalt/velunor-studie", "/arzneimittel/velunor"}
    text = ask(nurse, "q=Velunor")
    assert found(text) == []
    assert "Talvixin" not in text
    assert nurse.get("/arzneimittel/velunor").status_code == 403
    assert nurse.get("/arzneimittel/linosan").status_code == 404
    assert doctor.get("/arzneimittel/velunor").status_code == 200


def test_an_unverified_reader_finds_no_product_information(enter: Enter) -> None:
    cast.linosan()
    assert found(ask(enter(cast.albrecht(verified=False)), "q=Linosan")) == []


def test_facets_narrow_and_count_what_they_would_leave(enter: Enter) -> None:
    contents()
    client = enter(cast.albrecht())
    everything = found(ask(client, "q=h"))
    text = ask(client, "q=h&art=article&thema=nierenfunktion")
    assert found(text) == ["/inhalt/dosis"]
    assert len(everything) > 1
    assert "Filter aufheben" in text
    assert "Mit diesen Filtern bleibt nichts übrig." in ask(client, "q=h&art=video")


def test_no_hit_offers_what_is_close(enter: Enter) -> None:
    contents()
    text = ask(enter(cast.albrecht()), "q=Nierenfunktoin")
    assert "Dazu steht hier nichts." in text
    assert "Nierenfunktion</a>" in text


def test_signs_that_mean_something_to_the_database_mean_nothing_here(enter: Enter) -> None:
    contents()
    client = enter(cast.albrecht())
    for words in ("%26%20%7C%20!", "'%3B--", "%00", "a%3A*%20%26%20(", "%3Cscript%3E"):
        text = ask(client, f"q={words}")
        assert "<script>" not in text


def test_the_last_searches_are_hers_to_delete(enter: Enter) -> None:
    contents()
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    client = enter(doctor)
    for words in ("Dosis", "Herz", "Dosis"):
        ask(client, f"q={words}")
    assert sorted(searches.last(cursor(), doctor.id)) == ["Dosis", "Herz"]
    assert "/suche?q=Dosis" in client.get("/").content.decode()
    client.post("/suche/vergessen")
    assert searches.last(cursor(), doctor.id) == []


def test_a_withdrawn_version_is_found_no_more(enter: Enter) -> None:
    contents()
    client = enter(cast.albrecht())
    assert found(ask(client, "q=Grenzwerte")) == ["/inhalt/dosis"]
    version = cast.frozen("dosis", "article", {})
    sign.withdraw(cursor(), version.id)
    assert found(ask(client, "q=Grenzwerte")) == []
    assert Document.objects.filter(thing=version.id).exists()


@pytest.mark.parametrize("path", ["/", "/inhalt/herzinsuffizienz-praxis", "/suche?q=Herz", "/wissen"])
def test_more_content_costs_no_more_queries(enter: Enter, path: str) -> None:
    contents()
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    client = enter(doctor)

    def queries() -> int:
        client.get(path)  # the first one indexes and remembers
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    before = queries()
    for number in range(12):
        cast.article(f"herz-{number}", topics=[cast.TOPIC])
    assert queries() == before
