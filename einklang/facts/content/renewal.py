"""A new Fachinformation: what stands on the one before goes to review, and is withheld where it matters for safety."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from einklang.core.errors import Conflict
from einklang.core.pg import Cursor
from einklang.core.words import Words
from einklang.facts.products import read as products

NOT_ASKED = Words("Diese Fassung wartet auf keine Prüfung.", "This version does not wait for a review.")

STALE = """
SELECT id, authorisation_id, coalesce(review_smpc, smpc_version, 0) FROM content_contentversion
WHERE state = 'frozen' AND authorisation_id IS NOT NULL AND (valid_to IS NULL OR valid_to > %s)
ORDER BY id FOR UPDATE
"""
ASK = """
UPDATE content_contentversion c SET review_smpc = told.smpc,
    review = CASE WHEN told.safety OR c.review = 'withheld' THEN 'withheld' ELSE 'needs_review' END
FROM unnest(%s::uuid[], %s::int[], %s::bool[]) AS told (id, smpc, safety) WHERE c.id = told.id
"""
CLOSE = """
UPDATE content_contentversion SET review = '' WHERE id = %s AND review IN ('needs_review', 'withheld') RETURNING id
"""


def ask(cur: Cursor, now: datetime) -> dict[UUID, bool]:
    """Marks what stands on an older Fachinformation than the one that is valid now: id and whether it is withheld.
    Said once for each new Fachinformation: who confirms a content has confirmed it against that one."""
    rows = cur.execute(STALE, (now,)).fetchall()
    since = products.smpc_since(cur, {product for _, product, _ in rows}, now)
    stale = [
        (content, max(newer), any(newer.values()))
        for content, product, held in rows
        if (newer := {number: safety for number, safety in since.get(product, {}).items() if number > held})
    ]
    if stale:
        cur.execute(ASK, [list(column) for column in zip(*stale, strict=True)])
    return {content: safety for content, _, safety in stale}


def close(cur: Cursor, version: UUID) -> None:
    if cur.execute(CLOSE, (version,)).fetchone() is None:
        raise Conflict(NOT_ASKED)
