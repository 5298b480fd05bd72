"""How often people were approached: contacts that count towards the limits, by person and channel."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.interactions import kinds, log

CONTACTS = f"""
SELECT person, channel, count(*) FROM interactions_log
WHERE person IS NOT NULL AND {log.COUNTS} AND occurred_at >= %s AND occurred_at < %s AND received_at >= %s
GROUP BY person, channel
"""
ANSWERS = """
SELECT CASE kind WHEN 'consent.changed' THEN 'email.unsubscribed' ELSE kind END AS answer, count(DISTINCT person)
FROM interactions_log
WHERE journey = %s AND received_at >= %s AND person IS NOT NULL AND NOT is_machine
    AND kind IN ('email.opened', 'email.clicked', 'email.unsubscribed', 'consent.changed')
GROUP BY answer
"""


def answers(cur: Cursor, journey: UUID, since: datetime) -> dict[str, int]:
    """How many people opened, clicked or unsubscribed, of what one journey version or mailing, which began then, led
    to. A change of consent that answers one of its mails is an unsubscription."""
    return dict(cur.execute(ANSWERS, (journey, since)).fetchall())


def contacts(cur: Cursor, since: datetime, until: datetime) -> dict[UUID, dict[str, int]]:
    """Person → channel → number; who was not approached is missing."""
    asked = (list(kinds.COUNTED), since, until, since - log.AHEAD_OF_RECEIPT)
    found: dict[UUID, dict[str, int]] = {}
    for person, channel, number in cur.execute(CONTACTS, asked):
        found.setdefault(person, {})[channel] = number
    return found
