"""What a content page hands to its own script: one event, the portal's public key, and a token that says who reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from einklang.core import clock, ids, tokens
from einklang.faces.portal.reader import Reader
from einklang.facts.content.read import Version
from einklang.loop.interactions import keys
from einklang.ui import locale

LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Handed:
    key: str
    token: str
    event: dict[str, Any]

    def plain(self) -> dict[str, Any]:
        return {"key": self.key, "token": self.token, "event": self.event}


def viewed(reader: Reader, version: Version, anonymous: str) -> Handed:
    """`anonymous` is the session's own name for this browser: kept by the server, nothing on the device."""
    expires = int((clock.real_now() + LIFETIME).timestamp())
    token = tokens.sign("intake", {"person": str(reader.card.id)}, expires=expires)
    event = {
        "type": "track",
        "event": "content.viewed",
        "messageId": str(ids.new()),
        "anonymousId": anonymous,
        "timestamp": reader.now.isoformat(),
        "context": {"token": token, "locale": locale.current()},
        "properties": {
            "content": str(version.id),
            "content_slug": version.slug,
            "topics": list(version.topics),
            "title": version.title(locale.current()),
        },
    }
    return Handed(keys.browser(reader.cur, reader.now), token, event)
