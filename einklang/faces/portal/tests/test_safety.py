from __future__ import annotations

import re

import pytest

from einklang.core.connection import cursor
from einklang.faces.portal.tests.conftest import Enter
from einklang.loop.gate import browse
from einklang.services.inquiries.models import SafetyReport
from tests import cast

pytestmark = pytest.mark.django_db

MAIL = {
    "de": {
        "subject": "Sicherheitsmeldung {report}",
        "paragraphs": ["{statement}", "{product}, {heard_at}, {received_at}, {source}"],
    }
}


def token_of(text: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', text)
    assert found
    return found[1]


def test_one_sentence_is_enough_and_reaches_the_safety_mailbox_once(enter: Enter) -> None:
    cast.frozen("safety-report", "system_mail", MAIL)
    cast.velunor()
    client = enter(cast.albrecht())
    page = client.get("/nebenwirkung?product=velunor").content.decode()
    assert 'value="Velunor 10 mg Filmtabletten"' in page
    form = {"token": token_of(page), "statement": "Schwindel nach der ersten Gabe.", "product": "Velunor 10 mg"}
    for _ in range(2):
        assert client.post("/nebenwirkung", form).headers["Location"] == "/nebenwirkung/danke"
    report = SafetyReport.objects.get()
    assert (report.statement, report.product) == ("Schwindel nach der ersten Gabe.", "Velunor 10 mg")
    (message,) = browse.listing(cursor())
    assert (message.purpose, message.recipient_kind) == ("safety", "mailbox")


def test_an_empty_report_keeps_what_was_typed_and_names_the_field(enter: Enter) -> None:
    client = enter(cast.albrecht())
    form = {"token": token_of(client.get("/nebenwirkung").content.decode()), "statement": " ", "product": "Velunor"}
    response = client.post("/nebenwirkung", form)
    text = response.content.decode()
    assert response.status_code == 200
    assert "Es fehlt, was geschehen ist." in text
    assert 'value="Velunor"' in text
    assert 'href="#id_statement"' in text
    assert not SafetyReport.objects.exists()


def test_a_moment_that_has_not_come_is_refused_at_its_field(enter: Enter) -> None:
    cast.frozen("safety-report", "system_mail", MAIL)
    client = enter(cast.albrecht())
    token = token_of(client.get("/nebenwirkung").content.decode())
    form = {"token": token, "statement": "Schwindel.", "heard_at": "2027-01-01T10:00"}
    text = client.post("/nebenwirkung", form).content.decode()
    assert "Der Zeitpunkt liegt in der Zukunft." in text
    assert not SafetyReport.objects.exists()
