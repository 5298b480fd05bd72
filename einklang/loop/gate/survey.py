"""Verdicts as numbers: what was answered when, and what was withheld and would become a yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from einklang.core.clock import ZONE
from einklang.core.pg import Cursor
from einklang.loop.gate import verdicts
from einklang.loop.gate.question import Reason

WEEKS = f"""
SELECT date_trunc('week', stored_at AT TIME ZONE '{ZONE.key}')::date, answer, count(*)
FROM gate_verdict WHERE {{where}} GROUP BY 1, 2 ORDER BY 1
"""
ANSWERS = "SELECT answer, count(*) FROM gate_verdict WHERE {where} GROUP BY 1"
WITHHELD = """
SELECT rule, count(*), count(DISTINCT person), count(DISTINCT person) FILTER (
    WHERE (SELECT count(*) FROM jsonb_array_elements(reasons) AS reason WHERE reason->>1 = 'fail') <= 1
), count(*) FILTER (WHERE answer = 'not_before'), (array_agg(id ORDER BY stored_at DESC))[1]
FROM gate_verdict WHERE rule IS NOT NULL AND {where} GROUP BY rule ORDER BY count(DISTINCT person) DESC, count(*) DESC
"""
DISTINCT = {
    "rule": "SELECT DISTINCT rule FROM gate_verdict WHERE rule IS NOT NULL AND stored_at >= %s ORDER BY rule",
    "channel": "SELECT DISTINCT channel FROM gate_verdict WHERE stored_at >= %s ORDER BY channel",
    "content": "SELECT DISTINCT content FROM gate_verdict WHERE content IS NOT NULL AND stored_at >= %s",
    "journey": "SELECT DISTINCT journey FROM gate_message WHERE journey IS NOT NULL AND created_at >= %s",
}


class Withheld(NamedTuple):
    """`alone` counts the people whom nothing but this rule stops; `reason` is the latest one, without a name."""

    rule: str
    questions: int
    persons: int
    alone: int
    later: int
    reason: Reason


class Week(NamedTuple):
    start: date
    answers: dict[str, int]


def total(cur: Cursor, *, most: int, **wanted: Any) -> int:
    """How many `verdicts.listing` would give, as far as `most`."""
    where, values = verdicts.condition(**wanted)
    found = f"SELECT count(*) FROM (SELECT FROM gate_verdict WHERE {where} LIMIT %s) AS found"
    return int((cur.execute(found, [*values, most]).fetchone() or (0,))[0])


def answers(cur: Cursor, **wanted: Any) -> dict[str, int]:
    where, values = verdicts.condition(**wanted)
    return dict(cur.execute(ANSWERS.format(where=where), values).fetchall())


def weeks(cur: Cursor, **wanted: Any) -> list[Week]:
    """Oldest first; a week in which nothing was asked is missing."""
    where, values = verdicts.condition(**wanted)
    found: dict[date, dict[str, int]] = {}
    for start, answer, number in cur.execute(WEEKS.format(where=where), values):
        found.setdefault(start, {})[answer] = number
    return [Week(start, answers) for start, answers in found.items()]


def withheld(cur: Cursor, **wanted: Any) -> list[Withheld]:
    """By the most final rule, most people first."""
    where, values = verdicts.condition(**wanted)
    rows = cur.execute(WITHHELD.format(where=where), values).fetchall()
    latest = verdicts.some(cur, [row[-1] for row in rows])
    return [
        Withheld(rule, questions, persons, alone, later, replace(latest[one].verdict.reasons[0], person={}))
        for rule, questions, persons, alone, later, one in rows
    ]


def known(cur: Cursor, name: str, since: datetime) -> Sequence[str | UUID]:
    """The rules, channels, contents or journey versions that verdicts have named since."""
    return [value for (value,) in cur.execute(DISTINCT[name], (since,)).fetchall()]
