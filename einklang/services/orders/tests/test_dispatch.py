from __future__ import annotations

from datetime import date, timedelta

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import Conflict, InputError, NotFound
from einklang.facts.people.models import Verification
from einklang.facts.products.models import Smpc
from einklang.services.orders import read
from einklang.services.orders.models import Shipment
from einklang.services.orders.tests.ordering import (
    EXPIRY,
    in_the_log,
    paper,
    placed,
    send,
    stored,
    supersede,
    text_of,
)
from tests import cast

pytestmark = pytest.mark.django_db

NEXT_DAY = cast.NOW + timedelta(days=1)


def test_a_shipment_is_stored_with_its_paper_and_stands_in_the_log() -> None:
    order = placed()
    sent = send(order, now=NEXT_DAY)
    assert sent.verdict.answer == "yes"
    found = stored(order)
    assert (found.state, found.number, found.batch, found.expiry) == ("dispatched", sent.number, "A4417", EXPIRY)
    assert found.dispatched_at == NEXT_DAY
    (entry,) = in_the_log("sample.dispatched")
    assert entry.properties["order"] == str(order)
    assert read.listing(cursor(), state="requested") == []


@pytest.mark.parametrize("batch", ["", "   ", "A44\n17", "A44\x0017"])
def test_a_batch_that_is_missing_or_unprintable_is_an_error_of_the_form(batch: str) -> None:
    order = placed()
    with pytest.raises(InputError, match="batch"):
        send(order, batch=batch)
    assert stored(order).state == "requested"


@pytest.mark.parametrize("expiry", [date(2026, 11, 18), date(2026, 11, 19)])
def test_a_pack_that_expired_is_not_sent(expiry: date) -> None:
    order = placed()
    with pytest.raises(InputError, match="expiry"):
        send(order, expiry=expiry)
    assert stored(order).state == "requested"


def test_what_was_sent_is_not_sent_again() -> None:
    order = placed()
    send(order)
    with pytest.raises(Conflict):
        send(order, batch="B1")
    assert Shipment.objects.get().batch == "A4417"
    assert len(in_the_log("sample.dispatched")) == 1


def test_an_order_that_does_not_exist_cannot_be_sent() -> None:
    with pytest.raises(NotFound):
        send(ids.new())


def test_DE_SAM_13_the_delivery_note_says_what_the_law_asks() -> None:
    order = placed()
    sent = send(order)
    text = text_of(paper(order))
    assert sent.number is not None
    for word in (
        sent.number,
        "19.11.2026",
        "Velunor 10 mg Filmtabletten",
        "14 Stück, PZN 01234562",
        "A4417",
        "06/2028",
        "Unverkäufliches Muster",
        "Fassung 12",
        "Albrecht",
        "Lindenallee 4",
        "30159 Hannover",
    ):
        assert word in text, word
    assert "Menge\n1" in text or "Menge 1" in text


def test_DE_SAM_13_the_delivery_note_names_the_supplier(settings_of_the_company: tuple[str, ...]) -> None:
    order = placed()
    send(order)
    text = text_of(paper(order))
    assert all(line in text for line in settings_of_the_company)


def test_the_paper_is_tagged_and_the_stored_digest_is_its_own() -> None:
    order = placed()
    send(order)
    assert b"/StructTreeRoot" in paper(order)
    assert ids.digest(paper(order)) == Shipment.objects.get().note_sha256


def test_DE_SAM_08_the_fachinformation_of_the_day_of_dispatch_is_enclosed() -> None:
    order = placed()
    newer = supersede(NEXT_DAY)
    send(order, now=NEXT_DAY + timedelta(hours=1))
    assert Shipment.objects.get().smpc == newer.id
    assert stored(order).smpc_version == 13
    assert "Fassung 13" in text_of(paper(order))


def test_DE_SAM_08_without_a_valid_fachinformation_the_order_stays_open() -> None:
    order = placed()
    Smpc.objects.filter(authorisation=cast.velunor()).update(valid_to=NEXT_DAY)
    refused = send(order, now=NEXT_DAY)
    assert refused.number is None
    assert "DE-SAM-08" in refused.verdict.rules
    assert stored(order).state == "requested"
    assert not Shipment.objects.exists()


def test_DE_SAM_01_a_verification_that_lapsed_before_the_dispatch_stops_it() -> None:
    order = placed()
    Verification.objects.filter(person=cast.albrecht()).update(valid_until=NEXT_DAY)
    refused = send(order, now=NEXT_DAY + timedelta(hours=1))
    assert refused.verdict.rules[0] == "DE-SAM-01"
    assert stored(order).state == "requested"


@pytest.mark.parametrize(
    ("expiry", "until"),
    [(date(2028, 6, 30), date(2031, 11, 22)), (date(2031, 6, 30), date(2032, 6, 30))],
)
def test_DE_SAM_12_the_record_is_kept_one_year_after_expiry_and_at_least_five(expiry: date, until: date) -> None:
    order = placed()
    send(order, now=cast.NOW + timedelta(days=3), expiry=expiry)
    assert stored(order).retain_until == until


def test_DE_SAM_03_its_own_order_does_not_stand_in_the_way_of_its_dispatch() -> None:
    first, second = placed("one"), placed("two")
    assert send(first).number is not None
    assert send(second).number is not None
