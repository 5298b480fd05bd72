"""What comes in through other systems: requests of people, and what happened there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.api.rest.tests.calling import Caller
from einklang.services.privacy import cases
from tests import cast

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def caller() -> Caller:
    return Caller()


def asked(person: UUID, **more: Any) -> dict[str, Any]:
    received = clock.now(cursor()) - DAY
    letter = {"person": person, "kind": "erasure", "source": "letter", "identity": "callback"}
    return letter | {"received_at": received.isoformat(), "reference": "CRM-1"} | more


def visit(person: UUID, **more: Any) -> dict[str, Any]:
    held = {"source_id": "crm-7", "kind": "visit.held", "person": person, "properties": {"products": ["Cordalis"]}}
    return held | {"occurred_at": (clock.now(cursor()) - DAY).isoformat()} | more


def tell(caller: Caller, *items: dict[str, Any]) -> Any:
    return caller.send("POST", "/interactions", {"items": items})


def faults(answer: Any) -> list[str]:
    return [each["field"] for each in answer.json()["errors"]]


def test_a_request_of_another_system_waits_for_a_steward_and_the_month_counts_from_its_arrival(caller: Caller) -> None:
    person = cast.albrecht().id
    answer = caller.send("POST", "/requests", asked(person))
    case = cases.get(cursor(), UUID(answer.json()["id"]))
    assert (answer.status_code, case.open, case.source) == (201, True, "letter")
    assert case.due == cases.due(clock.now(cursor()) - DAY)
    assert caller.get(f"/requests/{case.id}").json() == answer.json()


def test_that_it_was_taken_down_stands_in_the_audit_trail_with_the_token(caller: Caller) -> None:
    person = cast.albrecht().id
    caller.send("POST", "/requests", asked(person))
    row = cursor().execute("SELECT act, source FROM audit_entry WHERE object = %s", (f"person:{person}",)).fetchone()
    assert row == ("request.opened", f"token:{caller.id}")


def test_the_same_reference_is_the_same_request_and_something_else_under_it_is_refused(caller: Caller) -> None:
    person, other = cast.albrecht().id, cast.doctor(1).id
    first, again = (caller.send("POST", "/requests", asked(person)).json()["id"] for _ in range(2))
    assert first == again
    assert caller.send("POST", "/requests", asked(other)).status_code == 409
    assert caller.send("POST", "/requests", asked(person, reference="CRM-2")).status_code == 409


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"received_at": "2199-01-01T00:00:00Z"}, "received"),
        ({"received_at": "0001-01-01T00:00:00Z"}, "received"),
        ({"kind": "correction"}, "message"),
        ({"kind": "correction", "wishes": {"email": "keine Adresse"}}, "email"),
    ],
)
def test_a_request_that_breaks_a_rule_is_refused_by_its_field(
    caller: Caller, wrong: dict[str, Any], field: str
) -> None:
    answer = caller.send("POST", "/requests", asked(cast.albrecht().id, **wrong))
    assert (answer.status_code, faults(answer)) == (422, [field])


def test_what_another_system_saw_stands_in_the_log_under_the_token_and_once(caller: Caller) -> None:
    person = cast.albrecht().id
    first, again = tell(caller, visit(person)).json(), tell(caller, visit(person), visit(person, source_id="8")).json()
    assert ([each["source_id"] for each in first["recorded"]], first["known"]) == (["crm-7"], 0)
    assert ([each["source_id"] for each in again["recorded"]], again["known"]) == (["8"], 1)
    row = cursor().execute("SELECT source, unit FROM interactions_log WHERE source_id = 'crm-7'").fetchone()
    assert row == (f"token:{caller.id}", "sales")


def test_of_a_batch_every_broken_rule_is_named_and_nothing_is_written(caller: Caller) -> None:
    person, nobody = cast.albrecht().id, UUID(int=7)
    old = (clock.now(cursor()) - 40 * DAY).isoformat()
    answer = tell(
        caller,
        visit(person),
        visit(nobody, source_id="1", content=nobody, occurred_at=old),
        visit(person, source_id="2", kind="person.erased"),
        visit(person, source_id="3", properties={}),
        visit(person, source_id="4", unit="marketing"),
        visit(person, source_id="5", unit="medical"),
    )
    assert answer.status_code == 422
    assert faults(answer) == [
        *("items.1.person", "items.1.content", "items.1.occurred_at", "items.2.kind"),
        *("items.3.properties.products", "items.4.unit", "items.5.unit"),
    ]
    row = cursor().execute("SELECT count(*) FROM interactions_log WHERE kind = 'visit.held'").fetchone()
    assert row == (0,)


def test_what_is_medical_is_told_by_medical_and_only_with_the_scope(caller: Caller) -> None:
    person = cast.albrecht().id
    without = tell(Caller("interactions:write"), visit(person, purpose="medical"))
    assert (without.status_code, "medical:read" in without.json()["detail"]) == (403, True)
    assert tell(caller, visit(person, purpose="medical")).status_code == 201
    row = cursor().execute("SELECT unit FROM interactions_log WHERE source_id = 'crm-7'").fetchone()
    assert row == ("medical",)


@pytest.mark.parametrize("depth", [251, 900])
def test_what_is_nested_too_deeply_is_refused(caller: Caller, depth: int) -> None:
    flat = orjson.dumps({"items": [visit(cast.albrecht().id, properties={"products": ["DEEP"]})]}, default=str)
    answer = caller.send("POST", "/interactions", flat.replace(b'"DEEP"', b"[" * depth + b"]" * depth))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")


def pages(caller: Caller, path: str) -> list[str]:
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 1}
    while True:
        page = caller.get(path, **query).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            return seen
        query["cursor"] = page["next"]


def test_requests_come_page_after_page_the_last_to_arrive_first(caller: Caller) -> None:
    person, now = cast.albrecht().id, clock.now(cursor())
    came = [
        caller.send("POST", "/requests", asked(person, kind=kind, reference=kind, received_at=now - days * DAY)).json()
        for days, kind in enumerate(("access", "erasure"))
    ]
    assert pages(caller, "/requests") == [each["id"] for each in came]


def test_contents_come_page_after_page_each_once(caller: Caller) -> None:
    cast.article()
    cast.product_article()
    everything = [each["id"] for each in caller.get("/contents").json()["items"]]
    assert pages(caller, "/contents") == everything
    assert len(everything) > 1


@pytest.mark.parametrize("path", ["/orders", "/requests", "/contents"])
def test_a_cursor_of_another_list_leads_nowhere(caller: Caller, path: str) -> None:
    assert caller.get(path, cursor="AAAAAAAAAAAAAAAAAAAAAA").status_code == 422


def test_what_says_no_time_happened_or_came_now(caller: Caller) -> None:
    person = cast.albrecht().id
    answer = tell(caller, {"source_id": str(person), "kind": "email.opened", "person": person})
    assert (answer.status_code, len(answer.json()["recorded"])) == (201, 1)
    letter = {"person": person, "kind": "access", "source": "mail", "identity": "mail", "reference": "1"}
    assert caller.send("POST", "/requests", letter).status_code == 201
