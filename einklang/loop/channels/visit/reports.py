"""Reports of visits and calls: planned, then held, which locks them. Asking the gate is the business of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import orjson

from einklang.core import ids
from einklang.core.errors import NotFound
from einklang.core.pg import Cursor

COLUMNS = """id, rep_id, person_id, at, planned_at, held_at, verdict, minutes, products, smpc_presented, safety,
    content_slugs, note, channel, shown, key_messages, next_steps, presumed_because"""
SELECT = f"SELECT {COLUMNS} FROM visit_report"
PLAN = """
    INSERT INTO visit_report (id, rep_id, person_id, channel, at, planned_at, products, smpc_presented, content_slugs,
        note, shown, key_messages, next_steps, presumed_because)
    VALUES (%s, %s, %s, %s, %s, %s, '{}', '{}', '{}', '', '{}', '[]', '[]', %s)
"""
PLANNED = f"{SELECT} WHERE rep_id = %s AND person_id = %s AND channel = %s AND at = %s AND held_at IS NULL"
CANCEL = "DELETE FROM visit_report WHERE id = %s AND rep_id = %s AND held_at IS NULL"
HOLD = """
    UPDATE visit_report SET held_at = %(now)s, verdict = %(verdict)s, minutes = %(minutes)s, products = %(products)s,
        smpc_presented = %(smpc_presented)s, safety = %(safety)s, content_slugs = %(content_slugs)s, note = %(note)s,
        shown = %(shown)s, key_messages = %(key_messages)s, next_steps = %(next_steps)s
    WHERE id = %(report)s
"""
LISTING = """
    WHERE (%(rep)s::uuid IS NULL OR rep_id = %(rep)s) AND (%(person)s::uuid IS NULL OR person_id = %(person)s)
        AND (%(since)s::timestamptz IS NULL OR at >= %(since)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
    ORDER BY at, id LIMIT %(limit)s
"""
Reaction = Literal["positive", "neutral", "negative", "question"]
REACTIONS: tuple[Reaction, ...] = ("positive", "neutral", "negative", "question")


@dataclass(frozen=True, slots=True)
class KeyMessage:
    """A claim of an approved content, and how it was taken."""

    text: str
    content: str
    reaction: Reaction


@dataclass(frozen=True, slots=True)
class NextStep:
    text: str
    due: date


@dataclass(frozen=True, slots=True)
class Report:
    """`smpc_presented`: authorisation → Fachinformation version, as ids in text."""

    id: UUID
    rep: UUID
    person: UUID
    at: datetime
    planned_at: datetime
    held_at: datetime | None
    verdict: UUID | None
    minutes: int | None
    products: Sequence[UUID]
    smpc_presented: Mapping[str, str]
    safety: bool | None
    content_slugs: Sequence[str]
    note: str
    channel: str = "visit"
    shown: Sequence[UUID] = ()
    key_messages: Sequence[Mapping[str, str]] = ()
    next_steps: Sequence[Mapping[str, str]] = ()
    presumed_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the rep reports. `safety` None: the question was not answered, which DE-REP-03 refuses."""

    products: Sequence[UUID] = ()
    smpc_presented: Mapping[UUID, UUID] = field(default_factory=dict)
    safety: bool | None
    content_slugs: Sequence[str] = ()
    minutes: int | None = None
    note: str = ""
    shown: Sequence[UUID] = ()
    key_messages: Sequence[KeyMessage] = ()
    next_steps: Sequence[NextStep] = ()


def plan(
    cur: Cursor,
    *,
    rep: UUID,
    person: UUID,
    at: datetime,
    now: datetime,
    channel: str = "visit",
    presumed_because: str = "",
) -> UUID:
    """The same rep, person, channel and moment is the same visit."""
    if row := cur.execute(PLANNED, (rep, person, channel, at)).fetchone():
        planned: UUID = row[0]
        return planned
    id_ = ids.new()
    cur.execute(PLAN, (id_, rep, person, channel, at, now, presumed_because))
    return id_


def cancel(cur: Cursor, *, report: UUID, rep: UUID) -> bool:
    """What was planned and not held yet is no more; False where there is no such plan of this rep."""
    return cur.execute(CANCEL, (report, rep)).rowcount == 1


def hold(cur: Cursor, *, report: UUID, told: Told, verdict: UUID, now: datetime) -> None:
    """Locks the report; the database refuses every later change."""
    cur.execute(
        HOLD,
        {
            "report": report,
            "now": now,
            "verdict": verdict,
            "minutes": told.minutes,
            "products": list(told.products),
            "smpc_presented": {str(product): str(smpc) for product, smpc in told.smpc_presented.items()},
            "safety": told.safety,
            "content_slugs": list(told.content_slugs),
            "note": told.note,
            "shown": list(told.shown),
            "key_messages": orjson.dumps(told.key_messages).decode(),
            "next_steps": orjson.dumps(told.next_steps).decode(),
        },
    )


def repeats(known: Report, told: Told) -> bool:
    """Whether it says what was reported, as a second click does."""
    return (
        (known.note, known.minutes, known.safety) == (told.note, told.minutes, told.safety)
        and set(known.products) == set(told.products)
        and set(known.smpc_presented) == {str(product) for product in told.smpc_presented}
        and [known.key_messages, known.next_steps] == orjson.loads(orjson.dumps([told.key_messages, told.next_steps]))
    )


def get(cur: Cursor, report: UUID, *, lock: bool = False) -> Report:
    rows = _reports(cur.execute(f"{SELECT} WHERE id = %s{' FOR UPDATE' if lock else ''}", (report,)))
    if not rows:
        raise NotFound(f"There is no visit {report}.")
    return rows[0]


def listing(
    cur: Cursor,
    *,
    rep: UUID | None = None,
    person: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Report]:
    """In the order of time."""
    wanted = {"rep": rep, "person": person, "since": since, "until": until, "limit": limit}
    return _reports(cur.execute(SELECT + LISTING, wanted))


def _reports(rows: Iterable[tuple[Any, ...]]) -> list[Report]:
    return [Report(*row) for row in rows]
