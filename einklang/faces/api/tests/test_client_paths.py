"""Paths, keys and documents of RudderStack's and Jitsu's clients; the clients themselves run in tests/clients."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import orjson
import pytest

from einklang.faces.api.tests.client import Client, client_of
from einklang.loop.interactions import keys

SHOP = "https://shop.example.com"
EVENT = {"event": "Video Played", "userId": "user-1", "messageId": "m-1"}


@pytest.fixture
def client(fresh_db: str) -> Iterator[Client]:
    with client_of(fresh_db) as client:
        yield client


def send(client: Client, method: str, path: str, **more: object) -> httpx.Response:
    return client.runner.run(client.http.request(method, path, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/api/s/track", "/api/s/s2s/track"])
def test_jitsus_key_is_read_from_its_header_and_masked_in_the_body(client: Client, path: str) -> None:
    key = client.key()
    masked = EVENT | {"writeKey": f"{key}:***"}
    answer = send(client, "POST", path, json=masked, headers={"X-Write-Key": keys.for_jitsu(key)})
    assert (answer.status_code, answer.json()["accepted"]) == (200, 1)
    assert send(client, "POST", path, json=EVENT, headers={"X-Write-Key": "other:secret"}).status_code == 401


def test_a_beacon_names_its_key_in_the_address(client: Client) -> None:
    body = orjson.dumps({"batch": [EVENT | {"type": "track"}]})
    answer = send(client, "POST", f"/beacon/v1/batch?writeKey={client.key()}", content=body)
    assert answer.json()["accepted"] == 1
    assert send(client, "POST", "/beacon/v1/batch?writeKey=other", content=body).status_code == 401


def test_segments_settings_lead_back_to_the_host_that_was_asked(client: Client) -> None:
    answer = send(client, "GET", "/v1/projects/abc/settings", headers={"origin": SHOP})
    told = answer.json()["integrations"]["Segment.io"]
    assert told == {"apiKey": "abc", "apiHost": "localhost:8000/v1", "protocol": "http"}
    assert answer.json()["plan"] == {}
    assert answer.headers["access-control-allow-origin"] == SHOP


@pytest.mark.parametrize("path", ["/sourceConfig", "/sourceConfig/", "/v1/sourceConfig/"])
def test_rudderstacks_configuration_names_the_source(client: Client, path: str) -> None:
    source = send(client, "GET", path, params={"writeKey": "abc"}).json()["source"]
    assert (source["writeKey"], source["enabled"], source["destinations"]) == ("abc", True, [])


def test_a_document_is_only_read_and_no_other_is_there(client: Client) -> None:
    assert send(client, "POST", "/sourceConfig").status_code == 405
    assert send(client, "GET", "/sourceConfigs").status_code == 404
    assert send(client, "GET", "/v1/projects/abc").status_code == 404


def test_the_headers_of_every_library_pass_a_preflight(client: Client) -> None:
    client.key(server=False, origins=[SHOP])
    asked = {"origin": SHOP, "access-control-request-method": "POST"}
    for path in ("/api/s/track", "/v1/t", "/sourceConfig/"):
        answer = send(client, "OPTIONS", path, headers=asked)
        allowed = answer.headers["access-control-allow-headers"].split(", ")
        assert answer.status_code == 204
        assert {"authorization", "content-type", "anonymousid", "sentat", "x-write-key"} <= set(allowed)


def test_the_name_of_a_page_and_rudderstacks_time_are_kept(client: Client) -> None:
    told = {"userId": "user-1", "name": "Home", "category": 7, "originalTimestamp": client.now.isoformat()}
    client.post("page", told, key=client.key())
    (entry,) = client.entries()
    assert entry.properties == {"name": "Home"}
    assert entry.occurred_at == client.now
