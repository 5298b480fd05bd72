"""How often people were approached: contacts that count towards the limits, by person and channel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import kinds, log

CONTACTS = """
SELECT person, channel, count(*) FROM interactions_log
WHERE person IS NOT NULL AND kind = ANY(%(kinds)s) AND initiator = 'company' AND purpose = 'promotional'
    AND occurred_at >= %(since)s AND occurred_at < %(until)s AND received_at >= %(received)s
GROUP BY person, channel
"""


def contacts(cur: Cursor, since: datetime, until: datetime) -> dict[UUID, dict[str, int]]:
    """Person → channel → number; who was not approached is missing."""
    asked = {"kinds": list(kinds.COUNTED), "since": since, "until": until, "received": since - log.AHEAD_OF_RECEIPT}
    found: dict[UUID, dict[str, int]] = {}
    for person, channel, number in cur.execute(CONTACTS, asked):
        found.setdefault(person, {})[channel] = number
    return found
