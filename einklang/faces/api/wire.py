"""What comes over the wire and goes back: Segment's bodies, RFC 9457 problems. Pure."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import orjson

from einklang.core.errors import EinklangError

LARGEST_BODY = 500 * 1024
LARGEST_EVENT = 32 * 1024
DEEPEST_EVENT = 250  # levels; orjson writes 254
GZIP = b"\x1f\x8b"
JSON = b"application/json"
PROBLEM = b"application/problem+json"
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Too Many Requests",
    503: "Service Unavailable",
}

Headers = list[tuple[bytes, bytes]]


class Answer(NamedTuple):
    status: int
    body: bytes
    content_type: bytes = JSON
    headers: tuple[tuple[bytes, bytes], ...] = ()
    accepted: int = 0  # events, with `refused` of a request that was understood
    refused: int = 0


class Unreadable(EinklangError):
    """The body as a whole cannot be used."""


class Doubts(NamedTuple):
    """What the bytes of a body leave open, so that most events need not be searched one by one."""

    nul: bool
    size: bool  # larger or more deeply nested than an event may be

    @classmethod
    def of(cls, body: bytes) -> Doubts:
        brackets = body.count(b"{") + body.count(b"[")
        return cls(b"\\u0000" in body, len(body) > LARGEST_EVENT or brackets > DEEPEST_EVENT)


class Call(NamedTuple):
    """One request, read but not yet judged."""

    events: list[Any]
    context: dict[str, Any]
    sent_at: Any
    key: str | None
    agent: str
    doubts: Doubts


def problem(status: int, detail: str, *headers: tuple[bytes, bytes]) -> Answer:
    content = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    return Answer(status, orjson.dumps(content), PROBLEM, headers)


def read(kind: str, body: bytes, headers: Mapping[bytes, bytes], query: bytes = b"") -> Call:
    """Raises `Unreadable` where there is no JSON object of at most 500 KB."""
    body = unpacked(body)
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"The body is not JSON: {error}.") from None
    if not isinstance(content, dict):
        raise Unreadable("The body must be a JSON object.")
    return Call(
        events=_events(kind, content),
        context=_object(content.get("context")) if kind == "batch" else {},
        sent_at=content.get("sentAt"),
        key=_text(basic_user(headers.get(b"authorization")) or _header_key(headers) or _body_key(content, query)),
        agent=headers.get(b"user-agent", b"").decode("latin-1"),
        doubts=Doubts.of(body),
    )


def unpacked(body: bytes) -> bytes:
    """Some clients pack without saying so, and some say so without packing: the first bytes tell."""
    if not body.startswith(GZIP):
        return body
    unzip = zlib.decompressobj(wbits=31)
    try:
        content = unzip.decompress(body, LARGEST_BODY + 1)
    except zlib.error:
        raise Unreadable("The body is not valid gzip.") from None
    if len(content) > LARGEST_BODY:
        raise too_large()
    if not unzip.eof:
        raise Unreadable("The gzip body ends too early.")
    return content


def too_large() -> Unreadable:
    return Unreadable("The body is larger than 500 KB. Send the events in several requests.")


def basic_user(header: bytes | None) -> str | None:
    """The user of Basic auth, where Segment's clients put the write key."""
    scheme, _, value = (header or b"").partition(b" ")
    if scheme.lower() != b"basic":
        return None
    try:
        user = base64.b64decode(value, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return None
    return user or None


def _header_key(headers: Mapping[bytes, bytes]) -> str | None:
    """Jitsu's clients send `key:secret`, of which our key is the first part, and mask it in the body."""
    given = headers.get(b"x-write-key")
    return given.decode("latin-1").partition(":")[0] if given else None


def _body_key(content: dict[str, Any], query: bytes) -> Any:
    """A beacon of RudderStack's library has room for it in its address only."""
    in_query = parse_qs(query.decode("latin-1")).get("writeKey") if query else None
    return in_query[0] if in_query else content.get("writeKey")


def _events(kind: str, content: dict[str, Any]) -> list[Any]:
    if kind != "batch":
        return [content | {"type": kind}]
    events = content.get("batch")
    if not isinstance(events, list):
        raise Unreadable("batch must be a list of events.")
    return events


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and "\0" not in value else None
