"""What browser libraries fetch before their first event: where to send it, and that nobody else is told. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from einklang.faces.api.wire import Answer

SEGMENT = re.compile(r"/v1/projects/([\w-]+)/settings/?", re.ASCII)  # {cdnURL}/v1/projects/<write key>/settings
RUDDER = re.compile(r"(?:/v1)?/sourceConfig/?")  # {configUrl}/sourceConfig/?writeKey=<write key>
KEPT = ((b"cache-control", b"public, max-age=300"), (b"vary", b"host"))


def document(path: str, query: bytes, headers: Mapping[bytes, bytes], public_url: str) -> Answer | None:
    """None where no library looks. A key that does not exist is told so by its first event."""
    if found := SEGMENT.fullmatch(path):
        return _answer(_segment(found[1], headers.get(b"host", b"").decode("latin-1"), public_url))
    if RUDDER.fullmatch(path):
        return _answer(_rudder(parse_qs(query.decode("latin-1")).get("writeKey", [""])[0]))
    return None


def _answer(content: dict[str, Any]) -> Answer:
    return Answer(200, orjson.dumps(content), headers=KEPT)


def _segment(key: str, host: str, public_url: str) -> dict[str, Any]:
    """Its own measurements are switched off: they would go to Segment."""
    public = urlsplit(public_url)
    return {
        "integrations": {
            "Segment.io": {"apiKey": key, "apiHost": f"{host or public.netloc}/v1", "protocol": public.scheme}
        },
        "plan": {},
        "metrics": {"sampleRate": 0},
        "edgeFunction": {},
    }


def _rudder(key: str) -> dict[str, Any]:
    """Where events go, its page says itself (`dataPlaneUrl`). Its reports of errors and use are switched off."""
    quiet = {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    return {
        "source": {
            "id": key,
            "name": "einklang",
            "writeKey": key,
            "workspaceId": "einklang",
            "enabled": True,
            "config": {"statsCollection": quiet},
            "destinations": [],
            "dataplanes": {},
            "connections": [],
        }
    }
