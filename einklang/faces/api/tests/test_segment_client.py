"""The unmodified Segment client speaks to the intake as it runs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from segment.analytics.client import Client as SegmentClient

from einklang.core.pg import connect
from einklang.faces.api.tests.serving import served
from einklang.loop.interactions import keys, log

EVENTS = 200


@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzipped"])
def test_two_hundred_events_of_the_real_client_stand_in_the_log_once(fresh_db: str, gzip: bool) -> None:
    failures: list[Exception] = []
    with connect(fresh_db, autocommit=True) as db, served(fresh_db) as server:
        key = keys.create(db.cursor(), "segment", server=True, now=datetime(2026, 11, 19, tzinfo=UTC))
        client = SegmentClient(
            key, host=server.address, gzip=gzip, on_error=lambda error, _: failures.append(error), upload_size=20
        )
        for each in range(EVENTS):
            client.track(f"user-{each % 7}", "Video Played", {"number": each})
        client.shutdown()
        entries = log.read(db.cursor(), after=0, limit=1000)
        assert server.stop() in (0, -15)
    assert failures == []
    assert sorted(entry.properties["number"] for entry in entries) == list(range(EVENTS))
    assert {entry.kind for entry in entries} == {"custom.video-played"}


def test_each_call_of_the_real_client_arrives(fresh_db: str) -> None:
    with connect(fresh_db, autocommit=True) as db, served(fresh_db) as server:
        key = keys.create(db.cursor(), "segment", server=True, now=datetime(2026, 11, 19, tzinfo=UTC))
        client = SegmentClient(key, host=server.address)
        client.identify("user-1", {"email": "somebody@example.com"})
        client.track("user-1", "Video Played")
        client.page("user-1", "Docs", "Home", {"url": "https://example.com"})
        client.screen("user-1", "Docs", "Home")
        client.group("user-1", "group-1", {"name": "Practice"})
        client.alias("anonymous-1", "user-1")
        client.shutdown()
        entries = log.read(db.cursor(), after=0, limit=100)
    kinds = [entry.kind for entry in entries]
    assert kinds == [f"custom.{sort}" for sort in ("identify", "video-played", "page", "screen", "group", "alias")]
    assert "somebody@example.com" not in str([entry.properties for entry in entries]), "traits are no interaction"
