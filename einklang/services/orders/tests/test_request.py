from __future__ import annotations

from datetime import UTC, datetime

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import InputError, NotFound
from einklang.facts.products.models import Smpc
from einklang.services.orders import quota, read, request
from einklang.services.orders.models import Order
from einklang.services.orders.tests.ordering import (
    a_spring_and_an_autumn_sample,
    in_the_log,
    order,
    placed,
    signed,
    stored,
    wish,
)
from tests import cast

pytestmark = pytest.mark.django_db


def test_a_signed_request_of_a_verified_doctor_is_an_order_and_stands_in_the_log() -> None:
    ordered = order()
    assert ordered.order is not None
    assert ordered.verdict is not None
    assert ordered.verdict.answer == "yes"
    (entry,) = in_the_log("sample.requested")
    assert entry.id == ordered.interaction
    assert (entry.initiator, entry.depth, entry.channel) == ("customer", 3, "visit")
    assert entry.properties == {"pack": str(cast.pack().id), "quantity": 1, "order": str(ordered.order)}
    assert stored(ordered.order).state == "requested"


def test_the_same_form_sent_twice_orders_once() -> None:
    first, second = order("same"), order("same")
    assert second.order == first.order
    assert second.verdict_id == first.verdict_id
    assert Order.objects.count() == 1
    assert len(in_the_log("sample.requested")) == 1


def test_DE_SAM_02_without_a_request_nothing_is_handed_over() -> None:
    refused = request.hand_over(cursor(), wish(), cast.NOW)
    assert refused.order is None
    assert refused.verdict is not None
    assert refused.verdict.rules == ["DE-SAM-02"]
    assert not Order.objects.exists()


@pytest.mark.parametrize("name", ["lorenz", "holtz"])
def test_DE_SAM_01_pharmacists_and_nurses_get_no_prescription_sample(name: str) -> None:
    refused = order(person=getattr(cast, name)())
    assert refused.order is None
    assert refused.verdict is not None
    assert refused.verdict.rules[0] == "DE-SAM-01"
    assert not Order.objects.exists()


def test_DE_SAM_01_a_doctor_who_is_not_verified_gets_none() -> None:
    refused = order(person=cast.kern(verified=False))
    assert refused.verdict is not None
    assert refused.verdict.rules[0] == "DE-SAM-01"


def test_DE_SAM_03_the_third_unit_in_twelve_months_is_refused_until_the_first_is_a_year_old() -> None:
    a_spring_and_an_autumn_sample()
    the_day_before = order("early", now=datetime(2027, 3, 9, 9, tzinfo=UTC))
    assert the_day_before.order is None
    assert the_day_before.verdict is not None
    assert the_day_before.verdict.rules == ["DE-SAM-03"]
    assert order("in time", now=datetime(2027, 3, 10, 9, tzinfo=UTC)).order is not None


def test_DE_SAM_03_three_at_once_are_refused_where_two_are_free() -> None:
    refused = order(quantity=3)
    assert refused.verdict is not None
    assert refused.verdict.rules == ["DE-SAM-03"]
    assert order("two", quantity=2).order is not None


def test_DE_SAM_04_the_portal_counts_what_the_visit_has_used() -> None:
    placed("visit")
    order("portal", channel="portal")
    refused = order("third", channel="portal")
    assert refused.verdict is not None
    assert refused.verdict.rules == ["DE-SAM-03"]


def test_DE_SAM_04_another_medicine_has_a_quota_of_its_own() -> None:
    placed("one")
    placed("two")
    assert order("other", pack=cast.pack(cast.linosan()).id).order is not None


def test_DE_SAM_08_without_a_valid_fachinformation_nothing_is_ordered() -> None:
    Smpc.objects.filter(authorisation=cast.velunor()).update(valid_to=cast.NOW)
    refused = order()
    assert refused.verdict is not None
    assert "DE-SAM-08" in refused.verdict.rules


@pytest.mark.parametrize("quantity", [0, -1])
def test_a_quantity_below_one_is_an_error_of_the_form(quantity: int) -> None:
    with pytest.raises(InputError, match="quantity"):
        order(quantity=quantity)


def test_a_request_that_nobody_signed_is_an_error_of_the_form() -> None:
    with pytest.raises(InputError, match="signature"):
        request.request(cursor(), wish(), signed(name="  "), cast.NOW)
    assert not Order.objects.exists()


def test_a_pack_that_does_not_exist_cannot_be_ordered() -> None:
    with pytest.raises(NotFound):
        order(pack=ids.new())


def test_what_one_person_ordered_is_not_counted_for_another() -> None:
    placed()
    assert (cast.kern().id, "velunor") not in quota.ordered(cursor(), [cast.kern().id, cast.albrecht().id])
    assert [each.person for each in read.of_persons(cursor(), [cast.albrecht().id, cast.kern().id])] == [
        cast.albrecht().id
    ]
