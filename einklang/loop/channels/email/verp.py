"""Return addresses that name their message (VERP), so that a bounce is known whatever is left of the mail in it."""

from __future__ import annotations

import hmac
import re
from uuid import UUID

from einklang.core import settings

ADDRESS = re.compile(r"bounce\+([0-9a-f]{32})-([0-9a-f]{12})@.+", re.IGNORECASE)


def address(message: UUID, domain: str) -> str:
    return f"bounce+{message.hex}-{_mac(message)}@{domain}"


def read(address: str) -> UUID | None:
    """None where we never sent a mail with this return address. Mail servers may have changed its case."""
    found = ADDRESS.fullmatch(address)
    if found is None:
        return None
    message = UUID(found[1])
    return message if hmac.compare_digest(found[2].lower(), _mac(message)) else None


def _mac(message: UUID) -> str:
    return hmac.digest(settings.get().secret_key.encode(), b"bounce\0" + message.bytes, "sha256").hex()[:12]
