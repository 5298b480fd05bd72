from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from einklang.core import clock
from einklang.core.connection import cursor
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
