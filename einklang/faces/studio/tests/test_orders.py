from __future__ import annotations

from datetime import date

from django.urls import reverse

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter, World
from einklang.services.orders import read
from einklang.services.orders.stock import STOCK
from tests import cast

FILLED = {"batch": "A4417", "expiry": "2028-05-31"}


def test_a_requested_sample_is_dispatched_with_batch_and_expiry(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    assert "Zu versenden" in client.get(reverse("studio:orders")).content.decode()
    page = client.post(reverse("studio:order", args=[world.order]), FILLED, follow=True).content.decode()
    assert "A4417" in page
    assert "Fassung 12" in page
    order = read.get(cursor(), world.order)
    assert order is not None
    assert (order.state, order.batch) == ("dispatched", "A4417")


def test_the_stock_is_shown_by_batch_and_says_when_it_was_never_counted(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    assert "noch nicht gezählt" in client.get(reverse("studio:orders")).content.decode()
    shelf = {"pack": cast.pack().id, "counted_at": cast.NOW}
    fresh = {"id": ids.new(), "batch": "A4417", "expiry": date(2028, 5, 31), "counted": 12}
    old = {"id": ids.new(), "batch": "OLD1", "expiry": date(2026, 1, 31), "counted": 3}
    STOCK.add(cursor(), [shelf | fresh, shelf | old])
    page = client.get(reverse("studio:orders")).content.decode()
    assert "A4417" in page
    assert "OLD1" not in page
    order = client.get(reverse("studio:order", args=[world.order])).content.decode()
    assert "Im Lager: A4417 (bis" in order
    assert ", 12 da)" in order


def test_the_delivery_note_is_a_pdf(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    assert client.get(reverse("studio:note", args=[world.order])).status_code == 404
    client.post(reverse("studio:order", args=[world.order]), FILLED)
    answer = client.get(reverse("studio:note", args=[world.order]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_a_wrong_entry_keeps_what_was_typed(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    for wrong, said in (
        ({"batch": ""}, "Es fehlt die Charge."),
        ({"expiry": "morgen"}, "Das ist kein Datum."),
        ({"expiry": "2026-11-01"}, "Die Packung ist abgelaufen."),
    ):
        page = client.post(reverse("studio:order", args=[world.order]), {**FILLED, **wrong}).content.decode()
        assert said in page
        assert ("A4417" in page) is ("batch" not in wrong)
    order = read.get(cursor(), world.order)
    assert order is not None
    assert order.state == "requested"


def test_a_second_click_dispatches_nothing_twice(enter: Enter, world: World) -> None:
    client = enter("service_agent")
    client.post(reverse("studio:order", args=[world.order]), FILLED)
    page = client.post(reverse("studio:order", args=[world.order]), FILLED, follow=True).content.decode()
    assert "Diese Bestellung ist schon versandt." in page


def test_a_refusal_is_shown_with_its_rule_and_the_order_stays(enter: Enter, world: World) -> None:
    cursor().execute("UPDATE people_verification SET valid_until = verified_at + interval '1 day'")
    page = enter("service_agent").post(reverse("studio:order", args=[world.order]), FILLED).content.decode()
    assert "DE-SAM-01" in page
    order = read.get(cursor(), world.order)
    assert order is not None
    assert order.state == "requested"


def test_an_unknown_order_is_not_found(enter: Enter, world: World) -> None:
    assert enter("service_agent").get(reverse("studio:order", args=[ids.new()])).status_code == 404
