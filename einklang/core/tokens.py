"""Signed tokens: who holds one proves that this installation made it, for one purpose and until one moment."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from einklang.core import settings
from einklang.core.errors import BadToken


def sign(purpose: str, payload: dict[str, Any], *, expires: int | None, key: str | None = None) -> str:
    """`expires` in unix seconds of the clock that the caller judges with; None for what never expires."""
    body = json.dumps({"e": expires, "p": payload}, separators=(",", ":"), sort_keys=True).encode()
    return f"{_encode(body)}.{_encode(_mac(purpose, body, key))}"


def read(purpose: str, token: str, *, now: int | None, key: str | None = None) -> dict[str, Any]:
    """The payload. Raises `BadToken` where the token is forged, made for another purpose, or expired at `now`."""
    try:
        body, mac = (_decode(part) for part in token.split("."))
        content = json.loads(body) if hmac.compare_digest(mac, _mac(purpose, body, key)) else None
    except ValueError:
        content = None
    if content is None:
        raise BadToken("forged")
    if now is not None and content["e"] is not None and content["e"] < now:
        raise BadToken("expired")
    payload: dict[str, Any] = content["p"]
    return payload


def _mac(purpose: str, body: bytes, key: str | None) -> bytes:
    secret = (key or settings.get().secret_key).encode()
    return hmac.digest(secret, purpose.encode() + b"\0" + body, hashlib.sha256)[:20]


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encode(raw) != text:  # one spelling per token, so that a changed last character is noticed
        raise ValueError(text)
    return raw
