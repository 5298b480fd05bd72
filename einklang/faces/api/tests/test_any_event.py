"""Whatever stands in an event, it is either kept or named; nothing stops a group."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from einklang.core.errors import InputError
from einklang.faces.api import events, wire
from einklang.loop.interactions import log
from einklang.loop.interactions.keys import WriteKey

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
FIELDS = (
    "type",
    "event",
    "userId",
    "anonymousId",
    "previousId",
    "messageId",
    "timestamp",
    "sentAt",
    "properties",
    "context",
    "token",
    "consent",
    "categoryPreferences",
    "content_slug",
    "topics",
    "content",
)
WORDS = st.sampled_from(
    ("track", "identify", "alias", "content.viewed", "visit.held", "custom.", "2026-11-19", "9999-12-31T23:59:59-12:00")
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | WORDS
JSON = st.recursive(
    LEAVES,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.sampled_from(FIELDS) | st.text(), part, max_size=6),
)
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(("track", "identify", "page", "alias"))}, optional=dict.fromkeys(FIELDS[1:], JSON)
)


@settings(max_examples=200, deadline=None)
@given(event=EVENTS | JSON, sent_at=JSON, is_server=st.booleans())
def test_any_event_is_kept_or_named(event: Any, sent_at: Any, is_server: bool) -> None:
    key = WriteKey(1, "test", "key", is_server, "service", [], False)
    with suppress(wire.Unreadable, InputError):
        call = wire.read("batch", json.dumps({"batch": [event], "sentAt": sent_at}).encode(), {})
        telling = events.Telling(key, NOW, int(NOW.timestamp()), call.sent_at, call.context, call.agent, call.doubts)
        told = events.read(call.events[0], 0, telling)
        line = log.line(1, events.interaction(told, key, None, NOW))
        assert line.count("\t") == len(log.COLUMNS)
        assert line.count("\n") == 1
        assert "\0" not in line
