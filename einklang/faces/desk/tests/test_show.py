"""What is shown on the tablet: asked of the gate, noted for the report, with the Fachinformation one tap away."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY, Enter
from einklang.facts.people.models import Person
from einklang.loop.channels.visit import reports, todo
from einklang.loop.gate import verdicts
from tests import cast

SLIDES = {
    "de": {
        "title": "Velunor auf zwei Folien",
        "slides": [
            {"title": "Seltener in die Klinik", "blocks": [{"type": "chart", "title": "Klinik", "unit": "%", "bars": [
                {"label": "Velunor", "value": 14.1, "low": 12.2, "high": 16.1}, {"label": "Placebo", "value": 18}]}]},
            {"title": "Grenzen", "blocks": [{"type": "p", "text": "Nur bis 24 Monate."}]},
        ],
        "claims": [{"text": "Weniger Klinik nach 24 Monaten.", "references": [1]}],
        "references": ["Fiktives Journal 2026. Betrifft Velunor."],
    }
}  # fmt: skip


@pytest.fixture
def client(enter: Enter, doctor: Person) -> Client:
    product = cast.velunor()
    cast.frozen(
        "velunor-folien",
        "slides",
        SLIDES,
        promotional=True,
        rx=True,
        audience="rx",
        **{name: getattr(cast.product_article(), name) for name in ("authorisation", "mandatory_text", "smpc_version")},
        indications=product.indications,
    )
    return enter(cast.petersen())


def stage(client: Client, doctor: Person) -> tuple[int, str]:
    answer = client.get(reverse("desk:stage", args=[doctor.id, "velunor-folien"]))
    return answer.status_code, answer.content.decode()


def test_slides_have_their_chart_mandatory_text_and_fachinformation(client: Client, doctor: Person) -> None:
    code, page = stage(client, doctor)
    assert code == 200
    assert "Seltener in die Klinik" in page
    assert "14,1" in page
    assert "Pflichtangaben: Velunor" in page
    assert reverse("desk:smpc", args=[cast.velunor().slug]) in page


def test_who_may_not_see_promotion_for_prescription_medicines_is_not_shown_it(client: Client, doctor: Person) -> None:
    nurse = cast.holtz()
    assert "Velunor auf zwei Folien" not in client.get(reverse("desk:choose", args=[nurse.id])).content.decode()
    code, page = stage(client, nurse)
    assert code == 403
    assert "DE-HWG-02" in page
    assert "Seltener in die Klinik" not in page
    assert [each.verdict.answer for each in verdicts.listing(cursor(), person=nurse.id)] == ["no"]


def test_what_was_shown_and_how_it_was_taken_stands_in_the_report(client: Client, doctor: Person) -> None:
    stage(client, doctor)
    velunor = str(cast.velunor().id)
    page = client.get(reverse("desk:visit", args=[doctor.id])).content.decode()
    assert "Weniger Klinik nach 24 Monaten." in page
    sent = {
        "at": TUESDAY.isoformat(),
        "token": "t1",
        "products": velunor,
        "presented": velunor,
        "safety": "no",
        "reaction-velunor-folien-0": "question",
        "step-0": "Langzeitdaten schicken",
        "due-0": "2026-12-01",
    }
    assert client.post(reverse("desk:visit", args=[doctor.id]), sent).status_code == 302
    (report,) = reports.listing(cursor(), person=doctor.id)
    assert report.content_slugs == ["velunor-folien"]
    assert len(report.shown) == 1
    assert report.key_messages == [
        {"text": "Weniger Klinik nach 24 Monaten.", "content": "velunor-folien", "reaction": "question"}
    ]
    assert [each.title for each in todo.listing(cursor(), cast.petersen().id)] == ["Langzeitdaten schicken"]


def test_a_next_step_without_its_day_is_asked_for(client: Client, doctor: Person) -> None:
    sent = {"at": TUESDAY.isoformat(), "token": "t1", "safety": "no", "step-0": "Langzeitdaten schicken"}
    answer = client.post(reverse("desk:visit", args=[doctor.id]), sent)
    assert answer.status_code == 200
    assert "Es fehlt der Tag, bis wann." in answer.content.decode()
    assert "Langzeitdaten schicken" in answer.content.decode()


def test_a_draft_is_there_again_and_the_second_page_is_told(client: Client, doctor: Person) -> None:
    place, page = reverse("desk:draft", args=[doctor.id, "visit"]), reverse("desk:visit", args=[doctor.id])
    sent = {"note": "Fragt nach Langzeitdaten", "at": TUESDAY.isoformat(), "token": "t1", "safety": "no"}
    assert client.post(place, {**sent, "version": "0"}).json() == {"version": 1}
    assert client.post(place, {**sent, "note": "anders", "version": "0"}).status_code == 409
    shown = client.get(page).content.decode()
    assert "Fragt nach Langzeitdaten" in shown
    assert client.post(page, sent).status_code == 302
    assert "Fragt nach Langzeitdaten" not in client.get(page).content.decode()
    assert len(reports.listing(cursor(), person=doctor.id)) == 1


def test_a_call_needs_a_reason_and_is_reported_like_a_visit(client: Client, doctor: Person) -> None:
    place = reverse("desk:call", args=[doctor.id])
    sent = {"at": TUESDAY.isoformat(), "token": "t1", "safety": "no"}
    refused = client.post(place, sent)
    assert refused.status_code == 409
    assert "DE-CON-03" in refused.content.decode()
    assert client.post(place, {**sent, "presumed_because": "asked_for"}).status_code == 302
    (report,) = reports.listing(cursor(), person=doctor.id)
    assert (report.channel, report.held_at) == ("phone", TUESDAY)
