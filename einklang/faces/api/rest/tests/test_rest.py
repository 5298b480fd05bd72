from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.api.rest.tests.calling import ROOT, Caller
from einklang.facts.consent import status, wordings
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller() -> Caller:
    return Caller()


def wording(permission: str) -> Any:
    now = clock.now(cursor())
    wordings.publish(cursor(), permission, {"de": "Sie dürfen."}, now)
    found = wordings.current(cursor(), permission, "de", now)
    assert found is not None
    return found


def grant_of(permission: str = "phone") -> dict[str, Any]:
    return {"permission": permission, "wording": str(wording(permission).id), "evidence": "Formular 12"}


def entries() -> int:
    row = cursor().execute("SELECT count(*) FROM consent_entry").fetchone()
    assert row is not None
    return int(row[0])


def test_people_come_page_after_page_each_once(caller: Caller) -> None:
    people = {str(cast.doctor(number).id) for number in range(5)}
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = caller.get("/people", **query).json()
        seen += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert len(seen) == len(set(seen))
    assert people <= set(seen)


@pytest.mark.parametrize("cursor", ["x", "AAAAAAAAAAAAAAAAAAAAAA", "ä"])
def test_a_cursor_that_is_none_of_ours_is_refused(caller: Caller, cursor: str) -> None:
    assert caller.get("/people", cursor=cursor).status_code in (400, 422)


def test_a_correction_counts_only_for_what_was_read(caller: Caller) -> None:
    person = cast.albrecht()
    path = f"/people/{person.id}"
    seen = caller.get(path).headers["ETag"]
    first = caller.send("PATCH", path, {"title": "Prof. Dr. med."}, **{"if-match": seen})
    assert first.json()["changed"] == ["title"]
    assert caller.send("PATCH", path, {"title": "Dr."}, **{"if-match": seen}).status_code == 412
    assert caller.get(path).json()["title"] == "Prof. Dr. med."


def test_what_is_not_documented_or_breaks_a_rule_names_the_field(caller: Caller) -> None:
    path = f"/people/{cast.albrecht().id}"
    unknown = caller.send("PATCH", path, {"profession": "nurse"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "profession")
    broken = caller.send("PATCH", path, {"email": "keine Adresse"})
    assert (broken.status_code, broken.json()["errors"][0]["field"]) == (422, "email")


def test_a_consent_is_recorded_seen_and_ended_and_the_trail_names_the_token(caller: Caller) -> None:
    person = cast.albrecht()
    path = f"/people/{person.id}"
    assert caller.send("POST", f"{path}/consents", grant_of()).status_code == 201
    states = {each["permission"]: each["state"] for each in caller.get(f"{path}/consents").json()["items"]}
    assert states["phone"] == "granted"
    ended = caller.send("POST", f"{path}/withdrawals", {"permission": "phone", "evidence": "Anruf"})
    assert ended.status_code == 201
    assert status.status(cursor(), [person.id])[person.id]["phone"].state == "withdrawn"
    rows = cursor().execute("SELECT act FROM audit_entry WHERE source = %s ORDER BY position", (f"token:{caller.id}",))
    assert [act for (act,) in rows] == ["consent.grant", "consent.withdraw"]


def test_what_needs_confirmation_by_mail_is_not_granted_here(caller: Caller) -> None:
    answer = caller.send("POST", f"/people/{cast.albrecht().id}/consents", grant_of("email"))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "permission"


def test_the_same_key_does_an_act_once_and_no_other_act(caller: Caller) -> None:
    path = f"/people/{cast.albrecht().id}/withdrawals"
    body = {"permission": "visit", "evidence": "Brief"}
    first = caller.send("POST", path, body, **{"idempotency-key": "a-1"})
    before = entries()
    again = caller.send("POST", path, body, **{"idempotency-key": "a-1"})
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = caller.send("POST", path, {**body, "evidence": "Anruf"}, **{"idempotency-key": "a-1"})
    assert other.status_code == 422
    assert entries() == before


def test_a_refused_act_leaves_nothing_behind_and_may_be_asked_again(caller: Caller) -> None:
    path = f"/people/{cast.albrecht().id}/consents"
    headers = {"idempotency-key": "b-1"}
    before = entries()
    assert caller.send("POST", path, grant_of("email"), **headers).status_code == 422
    assert caller.send("POST", path, grant_of(), **headers).status_code == 201
    assert entries() == before + 1


def test_the_gate_answers_for_a_trial_with_reasons_and_keeps_nothing(caller: Caller) -> None:
    person = cast.albrecht()
    ask = {"act": "visit", "person": str(person.id), "channel": "visit", "purpose": "promotional", "unit": "sales"}
    answer = caller.send("POST", "/verdicts/ask", ask)
    assert answer.status_code == 200, answer.content
    assert answer.json()["reasons"]
    assert all(each["text"] for each in answer.json()["reasons"])
    assert caller.get("/verdicts").json()["items"] == []


def test_medical_needs_a_scope_of_its_own() -> None:
    caller = Caller("verdicts:ask")
    ask = {"act": "visit", "person": str(cast.albrecht().id), "channel": "visit", "purpose": "medical"}
    assert caller.send("POST", "/verdicts/ask", ask).status_code == 403


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"title": "\\u0000"}', "application/json", 422),
        (b'{"title": "\\ud800"}', "application/json", 400),
        (b"title=x", "application/x-www-form-urlencoded", 415),
        (b"[" + b" " * 1_048_576 + b"]", "application/json", 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem(caller: Caller, body: bytes, content_type: str, status: int) -> None:
    path = f"{ROOT}/people/{cast.albrecht().id}"
    answer = caller.client.generic("PATCH", path, body, content_type=content_type)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_an_unknown_address_and_an_unknown_method_are_problems(caller: Caller) -> None:
    nowhere, method = caller.get("/nowhere"), caller.send("DELETE", "/people", {})
    assert (nowhere.status_code, method.status_code) == (404, 405)
    assert {each.headers["Content-Type"] for each in (nowhere, method)} == {"application/problem+json"}
    assert method.headers["Allow"] == "GET"


def test_the_document_is_for_everybody() -> None:
    document = Client().get(f"{ROOT}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert "/api/v1/people" in document["paths"]
