from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from einklang.loop.gate import cases, packs
from einklang.loop.gate.judge import judge_one
from einklang.loop.gate.question import Recipient
from einklang.loop.gate.tests.asking import EVERY_YES, MAIL, SAMPLE, VISIT, verdict


@pytest.mark.parametrize("case", EVERY_YES.values(), ids=EVERY_YES)
def test_every_question_of_the_tests_is_a_yes_before_anything_is_taken_away(case: dict[str, Any]) -> None:
    assert verdict(case).yes


@pytest.mark.parametrize("case", EVERY_YES.values(), ids=EVERY_YES)
def test_a_country_without_a_pack_gets_a_no(case: dict[str, Any]) -> None:
    assert verdict(case, {"market": "AT"}).rules == ["GATE-01"]


def test_before_the_first_pack_counts_the_answer_is_no() -> None:
    assert verdict(MAIL, at="2025-10-31T12:00:00+01:00").rules == ["GATE-01"]


@pytest.mark.parametrize("ask", [{"purpose": "fun"}, {"channel": "pigeon"}, {"act": "shout"}, {"channel": "sms"}])
def test_an_unknown_purpose_channel_or_act_gets_a_no(ask: dict[str, Any]) -> None:
    assert verdict(MAIL, **ask).rules == ["GATE-02"]


def test_an_unknown_person_gets_a_no() -> None:
    assert verdict(MAIL, {"market": None}).rules == ["GATE-03"]


@pytest.mark.parametrize("case", [VISIT, SAMPLE, MAIL])
def test_nobody_is_visited_or_written_to_without_a_person(case: dict[str, Any]) -> None:
    question = replace(cases.question(case["ask"]), recipient=Recipient("person"))
    assert judge_one(question, cases.facts(case["given"]), packs.current()).rules == ["GATE-03"]


def test_unknown_content_gets_a_no() -> None:
    assert verdict(MAIL, {"content": None}).rules == ["GATE-04"]


def test_an_unknown_pack_gets_a_no() -> None:
    assert verdict(SAMPLE, {"pack": None}).rules == ["GATE-05"]


def test_a_refusal_by_the_gate_itself_has_sentences_too() -> None:
    (reason,) = verdict(MAIL, purpose="fun").decisive
    assert reason.text("de") == "Dieser Weg ist nicht vorgesehen."
    assert reason.way_out("en") == "This will not become a yes."


def test_reasons_stand_most_final_first() -> None:
    changes = {
        "consent": {"marketing": "objected", "email": "pending"},
        "content": {"state": "draft"},
        "verified": None,
    }
    night = datetime(2026, 11, 19, 23, 0, tzinfo=UTC).isoformat()
    answer = verdict(MAIL, changes, at=night)
    assert [reason.outcome for reason in answer.reasons] == sorted(
        (reason.outcome for reason in answer.reasons), key=["fail", "not_before", "pass", "not_asked"].index
    )
    assert answer.rules == ["EU-DP-10", "DE-CON-01", "DE-CON-05", "DE-HWG-02", "DE-INF-01", "AUR-TIME-01"]


def test_a_no_outweighs_a_not_before() -> None:
    answer = verdict(MAIL, {"consent": {}}, at="2026-11-19T23:00:00+01:00")
    assert (answer.answer, answer.not_before, answer.flags) == ("no", None, {})
