"""A real event and a real collector: what the spans say together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping

import httpx
import pytest

from einklang import flow
from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.api.intake import Intake
from einklang.loop.interactions import keys, log
from einklang.project.stations import Station
from einklang.watch import trace
from einklang.watch.front import watched
from tests.collector import Collector, collecting

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SEEN = {"content_slug": "a", "topics": []}
EVENT = {"type": "track", "event": "content.viewed", "anonymousId": "a", "properties": SEEN}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    with collecting() as found:
        for name, value in found.env.items():
            monkeypatch.setenv(name, value)
        trace.begin("test")
        yield found
        trace.end()


def test_an_event_is_followed_from_its_sender_to_the_profile(fresh_db: str, collector: Collector) -> None:
    key = keys.create(cursor(), "shop", server=True, now=clock.now())
    assert post(EVENT | {"writeKey": key, "messageId": "m"}, traceparent=CALLER).status_code == 200
    Station("profiles", lambda: flow.consume(flow.CONSUMERS[0])).run()
    (entry,) = log.read(cursor(), after=0, limit=2)
    spans = {span.name: span for span in collector.until(lambda spans: any(span.name == "profiles" for span in spans))}
    spans |= {span.name: span for span in collector.spans if span.trace == entry.id}
    request, event = spans["POST intake"], spans["interaction"]
    assert (request.trace.hex, request.parent) == (CALLER[3:35], CALLER[36:52])
    assert (event.trace, event.parent) == (entry.id, "")
    assert (request.trace, request.id) in event.links
    assert (event.trace, event.id) in request.links
    assert (spans["profiles"].trace, spans["profiles"].parent) == (entry.id, event.id)


def post(event: Mapping[str, object], **headers: str) -> httpx.Response:
    intake = Intake()

    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(lambda *asked: watched(intake, "intake", *asked))
        async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
            answered = await client.post("/v1/track", json=event, headers=headers)
        assert intake.group
        await intake.group.close()
        return answered

    return asyncio.run(answer())
