from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

import pytest

from einklang.core import ids
from einklang.faces.api.tests.client import Client, client_of
from einklang.faces.api.wire import LARGEST_BODY
from einklang.facts.people import resolve
from einklang.facts.people.models import Person
from einklang.loop.interactions import keys

VIEW = {"content_slug": "leitlinie", "topics": ["herzinsuffizienz"], "title": "Leitlinie"}


@pytest.fixture
def client(fresh_db: str) -> Iterator[Client]:
    with client_of(fresh_db) as client:
        yield client


def track(event: str = "Video Played", **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": event, "userId": "u-1", "messageId": str(ids.new()), **more}


def errors(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["errors"]
    return found


def test_an_event_stands_in_the_log_when_the_answer_comes(client: Client) -> None:
    event = track("content.viewed", properties=VIEW)
    answer = client.post("track", event, key=client.key())
    assert answer.json() == {"success": True, "accepted": 1, "errors": []}
    (entry,) = client.entries()
    assert (entry.kind, entry.source_id, entry.purpose, entry.depth) == (
        "content.viewed",
        event["messageId"],
        "service",
        1,
    )
    assert entry.properties == VIEW
    assert entry.person is None
    assert entry.anonymous == f"{entry.source}:u-1"


@pytest.mark.parametrize("kind", ["batch", "b", "track", "t", "identify", "i", "page", "p", "screen", "group", "alias"])
def test_every_path_of_the_standard_takes_its_events(client: Client, kind: str) -> None:
    event = track(previousId="a-1")
    body = {"batch": [event]} if kind.startswith("b") else event
    assert errors(client.post(kind, body, key=client.key())) == []
    assert len(client.entries()) == 1


def test_the_key_may_stand_in_the_body_instead(client: Client) -> None:
    assert errors(client.post("batch", {"writeKey": client.key(), "batch": [track()]})) == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/json; x=y"])
def test_the_body_is_json_whatever_its_content_type(client: Client, content_type: str) -> None:
    assert errors(client.post("track", track(), key=client.key(), content_type=content_type)) == []


def test_gzip_is_unpacked_with_and_without_saying_so(client: Client) -> None:
    key = client.key()
    assert errors(client.post("track", track(), key=key, packed=True, content_encoding="gzip")) == []
    assert errors(client.post("track", track(), key=key, packed=True)) == []
    assert errors(client.post("track", track(), key=key, content_encoding="gzip")) == []
    assert len(client.entries()) == 3


@pytest.mark.parametrize("key", [None, "never-made", "\0"])
def test_an_unknown_key_is_refused(client: Client, key: str | None) -> None:
    answer = client.post("batch", {"batch": [track()], "writeKey": key})
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert client.entries() == []


def test_a_key_with_a_nul_character_is_unknown(client: Client) -> None:
    assert client.post("track", track(), key="a\0b").status_code == 401


def test_deep_but_writable_nesting_is_kept(client: Client) -> None:
    assert errors(client.post("track", track(properties={"deep": nested(240)}), key=client.key())) == []
    assert client.entries()[0].properties == {"deep": nested(240), "event": "Video Played"}


def test_a_body_nested_without_end_is_named_and_does_not_stop_others(client: Client) -> None:
    body = b'{"type": "track", "event": "x", "userId": "u", "properties": {"a": %s}}' % (b"[" * 900 + b"]" * 900)
    assert errors(client.post("track", body, key=client.key()))[0]["field"] == ""


def test_a_revoked_key_is_refused_at_once(client: Client) -> None:
    key = client.key()
    assert client.post("track", track(), key=key).status_code == 200
    cur = client.db.cursor()
    keys.revoke(cur, keys.lookup_many(cur, [key])[key].id, client.now)
    assert client.post("track", track(), key=key).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b'"text"',
        b'{"batch": {}}',
        b'{"batch": null}',
        b"\x1f\x8bnot gzip",
        b"\xff\xfe",
        b'{"a":"\0"}',
    ],
)
def test_what_is_no_json_object_with_events_is_a_bad_request(client: Client, body: bytes) -> None:
    answer = client.post("batch", body, key=client.key())
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["detail"]


def test_more_than_500_kb_are_a_bad_request_also_when_packed(client: Client) -> None:
    key = client.key()
    large = {"batch": [track(properties={"text": "x" * 1000}) for _ in range(520)]}
    assert client.post("batch", large, key=key).status_code == 400
    assert client.post("batch", large, key=key, packed=True).status_code == 400
    bomb = b'{"batch": ["' + b" " * 50 * LARGEST_BODY + b'"]}'
    assert client.post("batch", bomb, key=key, packed=True).status_code == 400
    assert client.entries() == []


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


BAD = [
    (17, ""),
    ({**track(), "type": "sing"}, "type"),
    ({**track(), "type": ["track"]}, "type"),
    ({**track(), "event": ""}, "event"),
    ({**track(), "event": 7}, "event"),
    ({**track(), "userId": None}, "userId"),
    ({**track(), "userId": {"a": 1}}, "userId"),
    ({**track(), "userId": "x" * 300}, "userId"),
    ({**track(), "anonymousId": "key:1:u-1"}, "anonymousId"),
    ({**track(), "messageId": 5}, "messageId"),
    ({**track(), "messageId": ""}, "messageId"),
    ({**track(), "messageId": "x" * 300}, "messageId"),
    ({**track(), "properties": []}, "properties"),
    ({**track(), "context": "web"}, "context"),
    ({**track(), "timestamp": "gestern"}, "timestamp"),
    ({**track(), "timestamp": 1763534520}, "timestamp"),
    ({**track(), "timestamp": "0001-01-01T00:00:00+14:00"}, "timestamp"),
    ({**track(), "properties": {"text": "a\0b"}}, ""),
    ({**track(), "properties": {"a\0b": [{"c": 1}]}}, ""),
    ({**track(), "properties": {"text": "x" * 33_000}}, ""),
    (track("content.viewed"), "properties.content_slug"),
    (track("content.viewed", properties={**VIEW, "topics": "herz"}), "properties.topics"),
    (track("content.viewed", properties={**VIEW, "topics": [1]}), "properties.topics"),
    (track("sample.requested", properties={"pack": "p", "quantity": True, "order": "o"}), "properties.quantity"),
    (track("consent.changed", properties={"permission": "email", "state": "granted"}), "event"),
]


@pytest.mark.parametrize(("event", "field"), BAD)
def test_a_bad_event_is_named_and_the_good_ones_are_kept(client: Client, event: Any, field: str) -> None:
    answer = client.post("batch", {"batch": [track(), event, track()]}, key=client.key())
    (error,) = errors(answer)
    assert (error["index"], error["field"]) == (1, field)
    assert error["reason"]
    assert answer.json()["accepted"] == len(client.entries()) == 2


def test_a_backslash_before_u0000_is_text_and_no_nul(client: Client) -> None:
    assert errors(client.post("track", track(properties={"text": "C:\\u0000"}), key=client.key())) == []
    assert client.entries()[0].properties["text"] == "C:\\u0000"


def test_times_are_corrected_by_what_the_client_thought_it_was(client: Client) -> None:
    now = client.now
    wrong = now - timedelta(days=200)
    sent = {"sentAt": wrong.isoformat(), "batch": [track(timestamp=(wrong - timedelta(minutes=1)).isoformat())]}
    near = {
        "sentAt": (now - timedelta(minutes=2)).isoformat(),
        "batch": [track(timestamp=(now - timedelta(hours=1)).isoformat())],
    }
    key = client.key()
    assert errors(client.post("batch", sent, key=key)) == errors(client.post("batch", near, key=key)) == []
    far, close = client.entries()
    assert timedelta(0) <= far.received_at - far.occurred_at - timedelta(minutes=1) < timedelta(seconds=1)
    assert far.properties["clock_corrected_seconds"] == pytest.approx(200 * 86_400, abs=60)
    assert timedelta(0) <= close.received_at - close.occurred_at - timedelta(minutes=58) < timedelta(seconds=1)
    assert "clock_corrected_seconds" not in close.properties


@pytest.mark.parametrize(
    ("shift", "good"),
    [
        (-timedelta(days=29, hours=23), True),
        (-timedelta(days=30, hours=1), False),
        (timedelta(minutes=9), True),
        (timedelta(minutes=12), False),
    ],
)
def test_thirty_days_back_and_ten_minutes_ahead_are_the_limits(client: Client, shift: timedelta, good: bool) -> None:
    answer = client.post("track", track(timestamp=(client.now + shift).isoformat()), key=client.key())
    assert [error["field"] for error in errors(answer)] == ([] if good else ["timestamp"])


def test_a_time_without_zone_is_utc_and_no_time_is_the_receipt(client: Client) -> None:
    naive = client.now.astimezone(UTC).replace(tzinfo=None, microsecond=0) - timedelta(hours=2)
    client.post("batch", {"batch": [track(timestamp=naive.isoformat()), track()]}, key=client.key())
    first, second = client.entries()
    assert first.occurred_at == naive.replace(tzinfo=UTC)
    assert second.occurred_at == second.received_at


def test_the_same_message_is_in_the_log_once(client: Client) -> None:
    key, event = client.key(), track()
    for _ in range(2):
        assert errors(client.post("batch", {"batch": [event, event]}, key=key)) == []
    assert len(client.entries()) == 1
    assert errors(client.post("track", event, key=client.key())) == []
    assert len(client.entries()) == 2, "another source, another event"


def test_without_message_id_the_content_and_its_time_make_it_the_same(client: Client) -> None:
    key = client.key()
    timed = {"type": "track", "event": "x", "userId": "u", "timestamp": client.now.isoformat()}
    untimed = {"type": "track", "event": "x", "userId": "u"}
    for event in (timed, timed, untimed, untimed):
        client.post("track", event, key=key)
    assert len(client.entries()) == 3


def test_events_outside_the_registry_are_kept_as_custom(client: Client) -> None:
    key = client.key()
    client.post("batch", {"batch": [track("Video Played!"), track("ÄÖ ü"), track("視聴"), track("custom.x")]}, key=key)
    kinds = [entry.kind for entry in client.entries()]
    assert kinds == ["custom.video-played", "custom.ao-u", "custom.event", "custom.x"]
    assert client.entries()[0].properties["event"] == "Video Played!"
    assert {entry.depth for entry in client.entries()} == {0}


def test_a_server_key_has_a_purpose_for_which_its_sender_vouches(client: Client) -> None:
    client.post("track", track("content.viewed", properties=VIEW), key=client.key(purpose="medical"))
    assert client.entries()[0].purpose == "medical"


def test_a_user_nobody_knows_keeps_her_name_until_she_is_resolved(client: Client) -> None:
    key, person = client.key(), new_person(client)
    client.post("track", track(), key=key)
    (entry,) = client.entries()
    assert client.db.execute(
        "SELECT value, person_id FROM people_alias WHERE namespace = %s", (entry.source,)
    ).fetchall() == [("u-1", None)]
    assert resolve.join(client.db.cursor(), entry.source, "u-1", person)
    client.post("track", track(), key=key)
    assert client.entries()[1].person == person


def test_a_user_may_be_called_by_our_own_id(client: Client) -> None:
    person = new_person(client)
    client.post("track", track(userId=str(person)), key=client.key())
    assert client.entries()[0].person == person


@pytest.mark.parametrize("event", [{"type": "identify", "anonymousId": "a-9"}, {"type": "alias", "previousId": "a-9"}])
def test_identify_and_alias_join_an_anonymous_history(client: Client, event: dict[str, Any]) -> None:
    key, person = client.key(), new_person(client)
    client.post("track", {"type": "track", "event": "x", "anonymousId": "a-9"}, key=key)
    client.post(event["type"], {**event, "userId": str(person)}, key=key)
    client.post("track", {"type": "track", "event": "y", "anonymousId": "a-9"}, key=key)
    kinds = [(entry.kind, entry.person) for entry in client.entries()]
    assert kinds[0] == ("custom.x", None)
    assert ("person.identified", person) in kinds
    assert kinds[-1] == ("custom.y", person)


def test_small_requests_at_once_share_a_commit(client: Client) -> None:
    key = client.key()
    client.post("track", track(), key=key)
    before = transactions(client)
    answers = client.together("track", [track() for _ in range(200)], key=key)
    assert {answer.status_code for answer in answers} == {200}
    assert len(client.entries()) == 201
    rows = client.db.execute("SELECT count(DISTINCT xmin::text) FROM interactions_log").fetchone()
    assert rows is not None
    assert rows[0] <= before + 20


def test_one_request_that_cannot_be_stored_does_not_stop_its_neighbours(client: Client) -> None:
    key = client.key()
    odd = {"type": "track", "event": "x", "userId": "u", "timestamp": "2026-11-19T07:42:00"}
    answers = client.together("track", [track(), {**odd, "properties": {"n": 10**400}}, track()], key=key)
    assert [answer.status_code for answer in answers][::2] == [200, 200]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "batch", 405), ("POST", "sing", 404), ("PUT", "track", 405)]
)
def test_other_methods_and_paths_are_problems(client: Client, method: str, path: str, status: int) -> None:
    answer = client.runner.run(client.http.request(method, f"/v1/{path}"))
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_the_intake_imports_no_django() -> None:
    script = "import sys, einklang.faces.api.intake; sys.exit('django' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


def new_person(client: Client) -> UUID:
    given = {"given_name": "Miriam", "family_name": "Albrecht", "profession": "physician", "created_at": client.now}
    return Person.objects.create(id=ids.new(), **given).id


def transactions(client: Client) -> int:
    row = client.db.execute("SELECT count(DISTINCT xmin::text) FROM interactions_log").fetchone()
    assert row is not None
    count: int = row[0]
    return count
