from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from einklang.core import clock, ids, pg
from einklang.core.connection import cursor
from einklang.faces.api.rest import once, pace
from einklang.faces.api.rest.tests.calling import Caller
from einklang.loop.interactions import log, make
from tests import cast


def told(purpose: str) -> None:
    now = clock.now(cursor())
    person = cast.albrecht().id
    act = make.interaction("content.viewed", now=now, purpose=purpose, person=person, properties=SEEN)
    with transaction.atomic():
        log.record(cursor(), [act])


SEEN: dict[str, Any] = {"content_slug": "herzinsuffizienz", "topics": ["herzinsuffizienz"]}


def seen_by(caller: Caller) -> list[str]:
    return [each["purpose"] for each in caller.get("/interactions").json()["items"]]


def test_safety_is_told_to_no_token_and_medical_only_to_one_with_the_scope(fresh_db: str) -> None:
    for purpose in ("promotional", "medical", "safety"):
        told(purpose)
    assert seen_by(Caller("interactions:read")) == ["promotional"]
    assert seen_by(Caller("interactions:read", "medical:read")) == ["promotional", "medical"]


def test_a_reader_goes_on_from_where_it_was_past_what_it_may_not_see(fresh_db: str) -> None:
    caller = Caller("interactions:read")
    told("promotional")
    told("safety")
    first = caller.get("/interactions", limit=1).json()
    second = caller.get("/interactions", limit=1, after=first["after"]).json()
    assert (len(first["items"]), second["items"]) == (1, [])
    assert second["after"] > first["after"]
    told("promotional")
    assert len(caller.get("/interactions", after=second["after"]).json()["items"]) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/messages", "/journeys", "/orders", "/requests", "/verdicts"])
def test_an_empty_house_has_empty_lists(path: str) -> None:
    answer = Caller().get(path)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_while_an_act_is_being_done_its_twin_is_told_to_wait(fresh_db: str) -> None:
    person, caller = cast.albrecht().id, Caller()
    body = {"permission": "visit", "evidence": "Brief"}
    with pg.connect(fresh_db) as other:
        other.execute(once.TAKE_TURN, (f"rest {caller.id} twin",))
        early = caller.send("POST", f"/people/{person}/withdrawals", body, **{"idempotency-key": "twin"})
    late = caller.send("POST", f"/people/{person}/withdrawals", body, **{"idempotency-key": "twin"})
    assert (early.status_code, late.status_code) == (409, 201)


@pytest.mark.django_db
def test_who_calls_too_often_is_told_when_to_come_back() -> None:
    caller, other = Caller(), Caller()
    spend(caller.id, pace.AT_ONCE, clock.real_now() + timedelta(minutes=1))
    answer = caller.get("/people")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
    assert other.get("/people").status_code == 200


@pytest.mark.django_db
def test_a_full_bucket_leaks_and_a_clock_that_goes_back_fills_none() -> None:
    token, now = ids.new(), clock.real_now()
    spend(token, pace.AT_ONCE, now)
    assert not pace.allows(cursor(), token, now - timedelta(hours=1))
    assert pace.allows(cursor(), token, now + timedelta(seconds=1))


def test_the_pace_holds_over_all_processes_and_none_waits_for_the_act_of_another(fresh_db: str) -> None:
    token, now = ids.new(), clock.real_now()
    spend(token, pace.AT_ONCE - 1, now)
    with pg.connect(fresh_db, autocommit=True) as one, pg.connect(fresh_db, autocommit=True) as other:
        assert [pace.allows(each.cursor(), token, now) for each in (one, other)] == [True, False]


def spend(token: UUID, calls: float, at: datetime) -> None:
    cursor().execute("INSERT INTO rest_pace (token, level, at) VALUES (%s, %s, %s)", (token, calls, at))
