"""Journeys and mailings of which nothing leaves, however many of their messages still wait to be held or withheld.

Whoever pauses or stops one says so here at once; the messages follow in pieces, and dispatch lets none of them out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.gate.outbox import Change, Message, State

PUT = """
INSERT INTO gate_stay (journey, state, note) SELECT unnest(%s::uuid[]), %s, %s
ON CONFLICT (journey) DO UPDATE SET state = excluded.state, note = excluded.note
"""
LIFT = "DELETE FROM gate_stay WHERE journey = ANY(%s)"
OF = "SELECT journey, state, note FROM gate_stay WHERE journey = ANY(%s) FOR SHARE"


def hold(cur: Cursor, journeys: Collection[UUID], note: str) -> None:
    cur.execute(PUT, (list(journeys), "held", note))


def withhold(cur: Cursor, journeys: Collection[UUID], note: str) -> None:
    cur.execute(PUT, (list(journeys), "withheld", note))


def lift(cur: Cursor, journeys: Collection[UUID]) -> None:
    cur.execute(LIFT, (list(journeys),))


def changes(cur: Cursor, messages: Sequence[Message]) -> list[Change]:
    """What becomes of those that must not leave. Whoever lifts a stay waits until the caller's transaction ends."""
    journeys = {each.journey for each in messages if each.journey}
    if not journeys:
        return []
    stays: dict[UUID, tuple[State, str]] = {
        journey: (state, note) for journey, state, note in cur.execute(OF, (list(journeys),)).fetchall()
    }
    return [Change(each.id, *stays[each.journey]) for each in messages if each.journey in stays]
