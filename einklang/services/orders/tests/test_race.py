from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from einklang.core.connection import cursor
from einklang.core.errors import Conflict
from einklang.services.orders import request
from einklang.services.orders.models import Order, Shipment
from einklang.services.orders.request import Ordered, Wish
from einklang.services.orders.tests.ordering import in_the_log, placed, send, signed, wish
from tests import cast


def at_once(*acts: object) -> None:
    """Each in a thread and a transaction of its own, all released at the same moment."""
    start = threading.Barrier(len(acts))

    def run(act: object) -> None:
        assert callable(act)
        try:
            start.wait()
            act()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_DE_SAM_03_two_tablets_ask_for_the_last_unit_and_one_gets_it(fresh_db: str) -> None:
    with transaction.atomic():
        placed("first")
    theirs = {rep.name: wish(user=rep.id) for rep in (cast.petersen(), cast.adler())}
    answers: list[Ordered] = []

    def ask(name: str, wanted: Wish) -> None:
        with transaction.atomic():
            answers.append(request.request(cursor(), wanted, signed(name), cast.NOW + timedelta(hours=1)))

    at_once(*[lambda n=name, w=wanted: ask(n, w) for name, wanted in theirs.items()])
    assert sorted(answer.order is not None for answer in answers) == [False, True]
    (refused,) = [answer.verdict for answer in answers if answer.order is None]
    assert refused is not None
    assert refused.rules == ["DE-SAM-03"]
    assert Order.objects.count() == 2
    assert len(in_the_log("sample.requested")) == 2


def test_two_clicks_on_one_form_at_once_order_once(fresh_db: str) -> None:
    wanted = wish()
    answers: list[UUID | None] = []

    def click() -> None:
        with transaction.atomic():
            answers.append(request.request(cursor(), wanted, signed("same"), cast.NOW).order)

    at_once(click, click)
    assert len(set(answers)) == 1
    assert Order.objects.count() == 1


def test_two_warehouse_clerks_send_one_order_once(fresh_db: str) -> None:
    with transaction.atomic():
        order = placed()
        cast.staff("service_agent")
    outcomes: list[str] = []

    def dispatch() -> None:
        try:
            with transaction.atomic():
                send(order)
        except Conflict:
            outcomes.append("conflict")
        else:
            outcomes.append("sent")

    at_once(dispatch, dispatch)
    assert sorted(outcomes) == ["conflict", "sent"]
    assert Shipment.objects.count() == 1
    assert len(in_the_log("sample.dispatched")) == 1
