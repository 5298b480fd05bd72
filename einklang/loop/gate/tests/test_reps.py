from __future__ import annotations

from typing import Any

import pytest

from einklang.loop.gate.tests.asking import VISIT, verdict


def test_DE_REP_01_nobody_visits_without_a_valid_qualification() -> None:
    assert verdict(VISIT, {"sender": {"qualified": False}}).rules == ["DE-REP-01"]
    assert set(verdict(VISIT, {"sender": None}).rules) == {"DE-REP-01", "AUR-TER-01"}


@pytest.mark.parametrize("presented", [{}, {"A": "S11"}, None])
def test_DE_REP_02_the_valid_fachinformation_is_presented_for_every_product(presented: Any) -> None:
    assert verdict(VISIT, {"given": {"smpc_presented": presented}}).rules == ["DE-REP-02"]


def test_DE_REP_02_a_planned_visit_has_presented_nothing_yet() -> None:
    assert verdict(VISIT, {"given": {}}).yes


@pytest.mark.parametrize("answer", [True, False])
def test_DE_REP_03_yes_and_no_both_answer_the_safety_question(answer: bool) -> None:
    assert verdict(VISIT, {"given": {"safety_answered": answer}}).yes


def test_DE_REP_03_a_report_without_the_answer_cannot_be_closed() -> None:
    assert verdict(VISIT, {"given": {"safety_answered": None}}).rules == ["DE-REP-03"]


def test_AUR_TER_01_reps_visit_in_their_own_territory() -> None:
    assert verdict(VISIT, {"sender": {"territory": False}}).rules == ["AUR-TER-01"]
