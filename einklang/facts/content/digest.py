"""What a signature stands for: SHA-256 over everything that people read, and everything that decides who may."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from einklang.core import ids

SIGNED = (
    "slug",
    "version",
    "kind",
    "promotional",
    "rx",
    "audience",
    "market",
    "authorisation",
    "smpc_version",
    "mandatory_text",
    "topics",
    "indications",
    "body",
    "assets",
    "valid_from",
)


def sha256(fields: Mapping[str, Any]) -> str:
    """`fields` by the names in SIGNED. The end of validity is not signed, since it may come sooner."""
    canonical = {name: _plain(fields[name]) for name in SIGNED}
    return ids.digest(orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value
