from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.loop.gate import door, survey, verdicts
from einklang.loop.gate.question import Question, Recipient
from tests import cast

pytestmark = pytest.mark.django_db


def asks(person: object, at: object = cast.NOW) -> None:
    mail = cast.mail()
    recipient = Recipient("person", person.id)  # type: ignore[attr-defined]
    question = Question("send", recipient, "email", "promotional", unit="marketing", content=mail.id, at=cast.NOW)
    door.ask(cursor(), [question], now=at, messages=[door.MessageSpec(mail.id)])  # type: ignore[arg-type]


def test_what_was_withheld_is_counted_by_rule_with_the_people_it_alone_stands_in_the_way_of() -> None:
    asks(cast.albrecht())
    asks(cast.albrecht())
    asks(cast.holtz())
    (consent,) = (each for each in survey.withheld(cursor(), since=cast.NOW) if each.rule == "DE-CON-01")
    assert (consent.questions, consent.persons) == (3, 2)
    assert consent.alone == 1
    assert "Albrecht" not in consent.reason.text("de")
    assert "zustimmt" in consent.reason.way_out("de")


def test_answers_are_counted_by_week_and_under_the_filters_of_the_list() -> None:
    asks(cast.albrecht(), cast.NOW - timedelta(days=7))
    asks(cast.albrecht())
    weeks = survey.weeks(cursor(), act="send")
    assert [(week.start.isoformat(), week.answers) for week in weeks] == [
        ("2026-11-09", {"no": 1}),
        ("2026-11-16", {"no": 1}),
    ]
    assert survey.total(cursor(), most=9, channel="email", since=cast.NOW) == 1
    assert survey.total(cursor(), most=9, channel="visit") == 0


def test_a_list_goes_on_after_a_verdict_even_where_many_were_stored_at_once() -> None:
    for person in (cast.albrecht(), cast.holtz(), cast.kern()):
        asks(person)
    first = verdicts.listing(cursor(), limit=2)
    rest = verdicts.listing(cursor(), limit=2, beyond=first[-1].id)
    assert len({each.id for each in (*first, *rest)}) == 3


def test_what_verdicts_have_named_is_what_a_filter_offers() -> None:
    asks(cast.albrecht())
    assert survey.known(cursor(), "rule", cast.NOW) == ["DE-CON-01"]
    assert survey.known(cursor(), "channel", cast.NOW) == ["email"]
    assert survey.known(cursor(), "content", cast.NOW) == [cast.mail().id]
    assert survey.known(cursor(), "journey", cast.NOW) == []


@pytest.mark.parametrize("query", [survey.ANSWERS, survey.WEEKS])
def test_what_was_answered_in_a_time_is_counted_from_an_index_alone(query: str) -> None:
    cur = cursor()
    cur.execute("SET LOCAL enable_seqscan = off")
    cur.execute("SET LOCAL enable_bitmapscan = off")
    told = cur.execute(f"EXPLAIN {query.format(where='stored_at >= %s')}", (cast.NOW,))
    assert "Index Only Scan using gate_verdict_answered" in "\n".join(line for (line,) in told)
