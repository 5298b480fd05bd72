"""What the ledger said at a moment that has passed, read from the entries alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from einklang.core import settings
from einklang.core.pg import Cursor
from einklang.facts.consent import chain

# An entry and a verdict get their ids while the person is held, and begin with the real time: so the lesser id was
# committed first, whatever a demo's clock says.
REFUSED = """
SELECT asked.id FROM unnest(%(ids)s::uuid[], %(subjects)s::text[], %(permissions)s::text[])
    AS asked (id, subject, permission), LATERAL (
    SELECT state FROM consent_entry AS e
    WHERE (e.subject, e.permission, e.legal_entity) = (asked.subject, asked.permission, %(legal_entity)s)
        AND e.product IS NULL AND e.id < asked.id
    ORDER BY position DESC LIMIT 1
) AS last WHERE last.state IN ('withdrawn', 'objected')
"""


class Asked(NamedTuple):
    """A verdict by which somebody was addressed, and the permission that had to be there."""

    verdict: UUID
    person: UUID
    permission: str


def against_a_withdrawal(cur: Cursor, asked: Sequence[Asked]) -> set[UUID]:
    """Those of the verdicts that came after a withdrawal or an objection."""
    columns = {
        "ids": [each.verdict for each in asked],
        "subjects": [chain.subject_key(each.person) for each in asked],
        "permissions": [each.permission for each in asked],
        "legal_entity": settings.get().legal_entity,
    }
    return {verdict for (verdict,) in cur.execute(REFUSED, columns)}
