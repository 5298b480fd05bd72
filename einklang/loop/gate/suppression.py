"""Addresses that refused mail for good, kept as digests so that erasing a person does not revive them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor

ADD = """
    INSERT INTO gate_suppression (address_hash, person, reason, message, since) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (address_hash) DO NOTHING
"""
AMONG = "SELECT address_hash FROM gate_suppression WHERE address_hash = ANY(%s)"


def digest(address: str) -> str:
    return ids.digest(address.strip().lower().encode())


def add(cur: Cursor, *, address: str, person: UUID | None, reason: str, message: UUID, now: datetime) -> None:
    cur.execute(ADD, (digest(address), person, reason, message, now))


def among(cur: Cursor, addresses: Iterable[str]) -> frozenset[str]:
    """Digests of those that are suppressed."""
    digests = [digest(address) for address in addresses]
    return frozenset(hash_ for (hash_,) in cur.execute(AMONG, (digests,)).fetchall())
