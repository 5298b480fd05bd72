"""A browser's key is public, so what it tells counts only as far as the portal or the ledger vouches for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core import ids, tokens
from einklang.core.pg import connect
from einklang.faces.api.admission import BURST, EVENTS_PER_SECOND, Limiter
from einklang.faces.api.tests.client import Client, client_of
from einklang.loop.interactions import keys
from tests import cast

VIEW = {"content_slug": "leitlinie", "topics": ["herzinsuffizienz"], "title": "Leitlinie"}
SHOP = "https://shop.example.com"


@pytest.fixture
def client(fresh_db: str) -> Iterator[Client]:
    with client_of(fresh_db) as client:
        yield client


@pytest.fixture
def key(client: Client) -> str:
    return keys.browser(client.db.cursor(), client.now)


def view(**more: Any) -> dict[str, Any]:
    event = {"type": "track", "event": "content.viewed", "properties": VIEW, "messageId": str(ids.new())}
    return event | {"anonymousId": "visitor"} | more


def signed(
    client: Client, person: UUID, purpose: str = "intake", lasts: timedelta = timedelta(hours=1)
) -> dict[str, str]:
    expires = int((client.now + lasts).timestamp())
    return {"token": tokens.sign(purpose, {"person": str(person)}, expires=expires)}


def only_error(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200
    (error,) = answer.json()["errors"]
    return dict(error)


def test_the_portal_has_one_key(client: Client, key: str) -> None:
    assert keys.browser(client.db.cursor(), client.now) == key


def test_what_a_doctor_reads_is_hers_by_the_portals_token(client: Client, key: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    answer = client.post("track", view(context=signed(client, doctor.id)), key=key)
    assert answer.json()["errors"] == []
    (entry,) = client.entries()
    assert (entry.person, entry.purpose, entry.initiator) == (doctor.id, "promotional", "customer")


def test_DE_TRK_01_without_consent_nothing_is_kept_but_a_count(client: Client, key: str) -> None:
    doctor = cast.albrecht()
    answer = client.post("track", view(context=signed(client, doctor.id)), key=key)
    error = only_error(answer)
    assert (error["index"], error["rule"]) == (0, "DE-TRK-01")
    assert error["reason"].startswith("DE-TRK-01 ")
    assert "Albrecht" not in answer.text, "a public answer names nobody"
    client.post("track", view(), key=key)
    assert client.entries() == []
    counted = client.db.execute("SELECT kind, rule, number FROM api_refused").fetchall()
    assert counted == [("content.viewed", "DE-TRK-01", 2)]


def test_DE_TRK_01_a_withdrawn_consent_holds_at_once(client: Client, key: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    assert client.post("track", view(context=signed(client, doctor.id)), key=key).json()["errors"] == []
    cast.withdraw(doctor, "tracking")
    assert only_error(client.post("track", view(context=signed(client, doctor.id)), key=key))["rule"] == "DE-TRK-01"
    assert len(client.entries()) == 1


def test_an_anonymous_visitor_may_consent_too(client: Client, key: str) -> None:
    cast.allow("visitor", "tracking")
    assert client.post("track", view(), key=key).json()["errors"] == []
    assert (client.entries()[0].anonymous, client.entries()[0].person) == ("visitor", None)


@pytest.mark.parametrize(
    ("categories", "kept"),
    [
        ({"tracking": True}, True),
        ({"tracking": False}, False),
        ({"Analytics": False, "Advertising": True}, False),
        ({"Advertising": False, "Analytics": True}, True),
        ({"Functional": False}, False),
        ({}, True),
        ("yes", True),
    ],
)
def test_the_browsers_own_consent_can_only_narrow(client: Client, key: str, categories: Any, kept: bool) -> None:
    cast.allow("visitor", "tracking")
    context = {"consent": {"categoryPreferences": categories}}
    answer = client.post("track", view(context=context), key=key)
    assert answer.json()["accepted"] == len(client.entries()) == int(kept)
    refused = client.post("track", view(context=context, anonymousId="somebody else"), key=key)
    assert only_error(refused)["rule"] == "DE-TRK-01", "and never gives what the ledger does not"


def test_a_user_id_without_a_token_does_not_count(client: Client, key: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    cast.allow("visitor", "tracking")
    client.post("track", view(userId=str(doctor.id)), key=key)
    assert client.entries()[0].person is None
    error = only_error(client.post("track", view(userId=str(doctor.id), anonymousId=None), key=key))
    assert error["field"] == "anonymousId"


@pytest.mark.parametrize("kind", ["identify", "alias"])
def test_identify_and_alias_need_the_portals_token(client: Client, key: str, kind: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    cast.allow("visitor", "tracking")
    client.post("track", view(), key=key)
    event = {"type": kind, "anonymousId": "visitor", "previousId": "visitor", "userId": str(doctor.id)}
    assert only_error(client.post(kind, event, key=key))["field"] == "type"
    assert client.post(kind, event | {"context": signed(client, doctor.id)}, key=key).json()["errors"] == []
    identified = [entry for entry in client.entries() if entry.kind == "person.identified"]
    assert [(entry.person, entry.anonymous) for entry in identified] == [(doctor.id, "visitor")]


def test_a_forged_expired_or_foreign_token_is_named(client: Client, key: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    cast.allow("visitor", "tracking")
    good = signed(client, doctor.id)["token"]
    foreign = signed(client, doctor.id, purpose="live")["token"]
    expired = signed(client, doctor.id, lasts=-timedelta(minutes=1))["token"]
    for token in (good[:-2] + "AA", foreign, expired, "nonsense", "", 7, ["x"]):
        assert only_error(client.post("track", view(context={"token": token}), key=key))["field"] == "context.token"
    assert client.entries() == []


@pytest.mark.parametrize(
    "event", ["visit.held", "email.clicked", "sample.requested", "consent.changed", "person.merged"]
)
def test_what_only_we_or_a_server_can_know_is_not_believed(client: Client, key: str, event: str) -> None:
    cast.allow("visitor", "tracking")
    full = {"products": ["p"], "link": "x", "pack": "p", "quantity": 1, "order": "o", "permission": "p", "state": "s"}
    assert only_error(client.post("track", view(event=event, properties=full), key=key))["field"] == "event"


def test_a_key_is_used_from_its_origins_only(client: Client) -> None:
    cast.allow("visitor", "tracking")
    key = client.key(server=False, origins=[SHOP])
    for origin in (SHOP, "http://localhost:8000"):
        answer = client.post("track", view(), key=key, origin=origin)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)
    answer = client.post("track", view(), key=key, origin="https://evil.example.com")
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")
    assert "access-control-allow-origin" not in answer.headers
    assert client.post("track", view(), key=key, origin="null").status_code == 403
    assert len(client.entries()) == 2


def test_a_preflight_request_is_answered_for_allowed_origins(client: Client) -> None:
    client.key(server=False, origins=[SHOP])
    for origin, status in ((SHOP, 204), ("http://localhost:8000", 204), ("https://evil.example.com", 403)):
        request = client.http.options("/v1/track", headers={"origin": origin, "access-control-request-method": "POST"})
        answer = client.runner.run(request)
        assert answer.status_code == status
        assert answer.headers.get("access-control-allow-origin") == (origin if status == 204 else None)


def test_too_many_events_of_one_address_are_told_to_wait_and_a_server_is_not(client: Client, key: str) -> None:
    many = {"batch": [view(messageId=f"m-{each}") for each in range(600)]}
    answers = [client.post("batch", many, key=key) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 429, 429]
    assert int(answers[1].headers["retry-after"]) > 0
    server = client.key()
    assert {client.post("batch", many, key=server).status_code for _ in range(3)} == {200}


def test_the_limit_is_for_each_key_and_address_and_fills_up_again() -> None:
    limiter = Limiter()
    assert limiter.allows(1, "a", int(BURST), 0.0)
    assert not limiter.allows(1, "a", 1, 0.0)
    assert limiter.allows(1, "b", 1, 0.0)
    assert limiter.allows(2, "a", 1, 0.0)
    assert limiter.allows(1, "a", int(EVENTS_PER_SECOND), 1.0)
    assert not limiter.allows(1, "a", 1, 1.0)


def test_a_bad_neighbour_does_not_lend_its_consent(client: Client, key: str, fresh_db: str) -> None:
    """Requests of one group are judged each for its own subject."""
    cast.allow("visitor", "tracking")
    bodies = [view(anonymousId=name) for name in ("visitor", "other") * 10]
    answers = client.together("track", bodies, key=key)
    assert [answer.json()["accepted"] for answer in answers] == [1, 0] * 10
    with connect(fresh_db) as db:
        assert db.execute("SELECT DISTINCT anonymous FROM interactions_log").fetchall() == [("visitor",)]


def test_a_crawler_that_runs_scripts_is_marked_as_a_machine(client: Client, key: str) -> None:
    cast.allow("visitor", "tracking")
    crawler = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    client.post("track", view(), key=key, user_agent=crawler)
    client.post("track", view(context={"userAgent": crawler}), key=client.key())
    client.post("track", view(), key=client.key(), user_agent=crawler)
    assert [entry.is_machine for entry in client.entries()] == [True, True, False], "a server speaks for somebody"
