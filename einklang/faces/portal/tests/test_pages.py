"""Every page: opens for whom it is for, and no page carries what the content security policy would refuse."""

from __future__ import annotations

import re

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from einklang.core import settings
from einklang.faces.portal.tests.conftest import Enter
from tests import cast

pytestmark = pytest.mark.django_db

OPEN = ("/anmelden", "/impressum", "/datenschutz", "/barrierefreiheit", "/passwort", "/passwort/unterwegs")
FOR_READERS = (
    "/", "/wissen", "/einwilligung", "/einstellungen", "/nebenwirkung", "/nebenwirkung/danke", "/arzneimittel",
    "/suche", "/suche?q=Herz", "/arzneimittel/velunor", "/fachinformation/velunor",
    "/inhalt/herzinsuffizienz-praxis", "/inhalt/velunor-studie",
)  # fmt: skip
INLINE = re.compile(r'\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)(?![^>]*type="application/json")|<style')


@pytest.mark.parametrize("path", OPEN)
def test_anybody_may_read_it(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert not INLINE.search(response.content.decode())


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("path", FOR_READERS)
def test_a_reader_may_open_it_in_both_languages(enter: Enter, path: str, locale: str) -> None:
    cast.article()
    cast.product_article()
    cast.linosan()
    client = enter(cast.albrecht())
    client.post("/ui/language", {"locale": locale})
    response = client.get(path)
    assert response.status_code == 200
    assert not INLINE.search(response.content.decode())
    assert "Velunor" not in response.content.decode() or "/nebenwirkung" in response.content.decode()


@pytest.mark.parametrize("path", FOR_READERS)
def test_nobody_else_reads_it_without_a_login(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/anmelden?next=/")


def test_an_unverified_reader_sees_no_product_information(enter: Enter) -> None:
    cast.velunor()
    client = enter(cast.albrecht(verified=False))
    for path in ("/arzneimittel", "/fachinformation/velunor"):
        response = client.get(path)
        assert response.status_code == 403
        assert "Velunor" not in response.content.decode()


def test_a_missing_page_says_so(client: Client) -> None:
    response = client.get("/nirgends")
    assert response.status_code == 404
    assert "Diese Seite gibt es hier nicht." in response.content.decode()


def test_a_film_is_sent_in_parts_with_captions_and_transcript(enter: Enter) -> None:
    film = settings.get().home / "files" / "content" / "titration.webm"
    film.parent.mkdir(parents=True, exist_ok=True)
    film.write_bytes(bytes(range(100)))
    assert default_storage.exists("content/titration.webm")
    body = {
        "de": {
            "title": "Titration", "lede": "Drei Schritte.", "transcript": ["Erstens.", "Zweitens."],
            "blocks": [{"type": "video", "asset": "content/titration.webm"}],
        }
    }  # fmt: skip
    assets = {"content/titration.webm": "0" * 64, "content/titration.de.vtt": "1" * 64}
    version = cast.frozen("titration", "video", body, audience="fachkreis", assets=assets)
    client = enter(cast.albrecht())
    text = client.get("/inhalt/titration").content.decode()
    assert f'/medien/{version.id}/content/titration.de.vtt" srclang="de"' in text
    assert "<p>Zweitens.</p>" in text
    address = f"/medien/{version.id}/content/titration.webm"
    whole = client.get(address)
    assert b"".join(whole) == bytes(range(100))
    part = client.get(address, headers={"Range": "bytes=90-"})
    assert (part.status_code, part.headers["Content-Range"]) == (206, "bytes 90-99/100")
    assert b"".join(part) == bytes(range(90, 100))
    assert client.get(address, headers={"Range": "bytes=200-"}).status_code == 416
    assert Client().get(address).status_code == 302


def test_DE_HWG_02_a_file_of_rx_content_stays_closed_like_its_page(enter: Enter) -> None:
    version = cast.product_article(assets={"content/figure.svg": "0" * 64})
    assert enter(cast.holtz()).get(f"/medien/{version.id}/content/figure.svg").status_code == 403
    assert enter(cast.albrecht()).get(f"/medien/{version.id}/../secret_key").status_code == 404
