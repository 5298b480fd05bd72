"""Addresses that refused mail for good, kept as digests so that erasing a person does not revive them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from einklang.core import ids
from einklang.core.pg import Cursor

ADD = """
    INSERT INTO gate_suppression (address_hash, person, reason, message, since)
    SELECT address_hash, person, reason, message, %(now)s
    FROM unnest(%(hashes)s::text[], %(persons)s::uuid[], %(reasons)s::text[], %(messages)s::uuid[])
        AS refused (address_hash, person, reason, message)
    ORDER BY address_hash ON CONFLICT (address_hash) DO NOTHING
"""
AMONG = "SELECT address_hash FROM gate_suppression WHERE address_hash = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Refused:
    address_hash: str
    person: UUID
    reason: str
    message: UUID


def digest(address: str) -> str:
    return ids.digest(address.strip().lower().encode())


def add(cur: Cursor, refused: Sequence[Refused], now: datetime) -> None:
    columns = {
        "hashes": [each.address_hash for each in refused],
        "persons": [each.person for each in refused],
        "reasons": [each.reason for each in refused],
        "messages": [each.message for each in refused],
    }
    if refused:
        cur.execute(ADD, {**columns, "now": now})


def among(cur: Cursor, addresses: Iterable[str]) -> frozenset[str]:
    """Digests of those that are suppressed."""
    digests = [digest(address) for address in addresses]
    return frozenset(hash_ for (hash_,) in cur.execute(AMONG, (digests,)).fetchall())
