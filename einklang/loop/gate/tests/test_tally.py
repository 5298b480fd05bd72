"""What became of a journey's or mailing's messages is read from indexes, and of nobody else's."""

from __future__ import annotations

from uuid import UUID

import pytest

from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.core.pg import Cursor
from einklang.loop.gate import tally
from einklang.loop.gate.tests.mails import ask, reader
from tests import cast

pytestmark = pytest.mark.django_db


def plan(cur: Cursor, query: str, journey: UUID) -> str:
    """As with many messages, where reading all of them would cost too much."""
    cur.execute("SET LOCAL enable_seqscan = off")
    cur.execute("SET LOCAL enable_bitmapscan = off")
    return "\n".join(line for (line,) in cur.execute(f"EXPLAIN {query}", (journey,)).fetchall())


@pytest.mark.parametrize(
    ("query", "index"), [(tally.STATES, "gate_message_tally"), (tally.NOTES, "gate_message_withheld")]
)
def test_the_sums_come_from_the_index_alone(query: str, index: str) -> None:
    assert f"Index Only Scan using {index}" in plan(cursor(), query, new())


def test_sums_and_people_are_of_this_mailing_by_the_most_final_rule() -> None:
    cur, mailing = cursor(), new()
    ask(reader(), journey=mailing)
    refused = cast.kern()
    ask(refused, journey=mailing)
    ask(refused, journey=new())
    assert tally.states(cur, mailing) == {"planned": 1, "withheld": 1}
    assert tally.withheld(cur, mailing) == {"DE-CON-01": 1}
    (one,) = tally.persons(cur, mailing, note="DE-CON-01")
    assert (one.person, one.note) == (refused.id, "DE-CON-01")
    assert tally.persons(cur, mailing, note="EU-DP-10") == []
    assert tally.persons(cur, mailing, after=one.message) == []
