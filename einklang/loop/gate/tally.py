"""What became of the messages of one journey version or mailing; counted from indexes alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from einklang.core.pg import Cursor

SEPARATOR = ", "  # between the rules that a withheld message notes, most final first

STATES = "SELECT state, count(*) FROM gate_message WHERE journey = %s GROUP BY state"
NOTES = "SELECT detail, count(*) FROM gate_message WHERE journey = %s AND state = 'withheld' GROUP BY detail"
WITHHELD = """
SELECT id, recipient, detail, coalesce(dispatch_verdict, verdict) FROM gate_message
WHERE journey = %(journey)s AND state = 'withheld' AND recipient_kind = 'person'
    AND (%(details)s::text[] IS NULL OR detail = ANY(%(details)s))
    AND (%(after)s::uuid IS NULL OR (detail, id) > (SELECT detail, id FROM gate_message WHERE id = %(after)s))
ORDER BY detail, id LIMIT %(limit)s
"""


class Withheld(NamedTuple):
    """One person who got nothing; `note` is the most final rule, or why people stopped it."""

    message: UUID
    person: UUID
    note: str
    verdict: UUID


def states(cur: Cursor, journey: UUID) -> dict[str, int]:
    return dict(cur.execute(STATES, (journey,)).fetchall())


def withheld(cur: Cursor, journey: UUID) -> dict[str, int]:
    """The most final rule, or the note of whoever stopped it → people, most first; at planning and at dispatch."""
    counts: Counter[str] = Counter()
    for detail, number in cur.execute(NOTES, (journey,)):
        counts[_first(detail)] += number
    return dict(counts.most_common())


def persons(
    cur: Cursor, journey: UUID, *, note: str | None = None, after: UUID | None = None, limit: int = 50
) -> list[Withheld]:
    """By rule. `after` is the last message of the page before."""
    asked = {"journey": journey, "after": after, "limit": limit, "details": _details(cur, journey, note)}
    rows = cur.execute(WITHHELD, asked).fetchall()
    return [Withheld(message, person, _first(detail), verdict) for message, person, detail, verdict in rows]


def _details(cur: Cursor, journey: UUID, note: str | None) -> Collection[str] | None:
    if note is None:
        return None
    return [detail for detail, _ in cur.execute(NOTES, (journey,)).fetchall() if _first(detail) == note]


def _first(detail: str) -> str:
    return detail.partition(SEPARATOR)[0]
