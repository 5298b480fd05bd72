"""UUIDv7 (RFC 9562): ids that begin with the real time, so they sit close together in an index. They order nothing."""

from __future__ import annotations

import hashlib
import os
import time
from uuid import UUID

VERSION_7 = 0x7 << 76
VARIANT = 0x2 << 62
RANDOM_A = 0xFFF << 64
RANDOM_B = (1 << 62) - 1


def new() -> UUID:
    random = int.from_bytes(os.urandom(10), "big")
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | VERSION_7 | random & RANDOM_A | VARIANT | random & RANDOM_B)


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
