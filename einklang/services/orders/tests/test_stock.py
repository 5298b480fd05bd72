from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.services.orders import stock
from einklang.services.orders.models import Stock
from einklang.services.orders.tests.ordering import EXPIRY, placed, send
from tests import cast

pytestmark = pytest.mark.django_db

TODAY = cast.NOW.date()


def counted(units: int, batch: str = "A4417", expiry: date = EXPIRY, days_ago: int = 3) -> None:
    Stock.objects.create(
        id=ids.new(),
        pack=cast.pack().id,
        batch=batch,
        expiry=expiry,
        counted=units,
        counted_at=cast.NOW - timedelta(days=days_ago),
    )


def free(day: date = TODAY) -> dict[UUID, int]:
    return stock.free(cursor(), day)


def test_what_was_never_counted_is_not_said_to_be_missing() -> None:
    placed()
    assert free() == {}


def test_what_is_promised_is_not_free_and_what_left_is_gone() -> None:
    counted(10)
    order = placed()
    assert free() == {cast.pack().id: 9}
    send(order)
    assert free() == {cast.pack().id: 9}
    assert [shelf.left for shelf in stock.shelves(cursor())] == [9]


def test_a_count_after_the_dispatch_holds_already_what_left() -> None:
    send(placed())
    counted(10, days_ago=-1)
    assert [shelf.left for shelf in stock.shelves(cursor())] == [10]


def test_a_batch_that_expires_before_the_day_is_not_free_on_it() -> None:
    counted(10)
    counted(5, batch="B1", expiry=TODAY + timedelta(days=30))
    assert free() == {cast.pack().id: 15}
    assert free(TODAY + timedelta(days=30)) == {cast.pack().id: 10}


def test_more_promised_than_counted_is_nothing_free() -> None:
    counted(0)
    placed()
    assert free() == {cast.pack().id: 0}
