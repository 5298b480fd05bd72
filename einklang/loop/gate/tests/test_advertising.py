from __future__ import annotations

from typing import Any

import pytest

from einklang.loop.gate.tests.asking import MAIL, PAGE, SAMPLE, verdict

OTC: dict[str, Any] = {"content": {"rx": False, "audience": "fachkreis"}}
LAPSED = {"verified": {"valid_until": "2026-11-18T00:00:00+01:00"}}


@pytest.mark.parametrize("case", [MAIL, PAGE])
def test_DE_HWG_01_content_for_professionals_needs_a_health_profession(case: dict[str, Any]) -> None:
    student = {**OTC, "person": {"profession": "student"}}
    assert verdict(case, student).rules == ["DE-HWG-01"]
    assert verdict(case, {**OTC, "person": {"profession": "nurse"}}).yes


def test_DE_HWG_01_a_lapsed_verification_leaves_what_is_not_for_prescribers() -> None:
    assert verdict(PAGE, {**OTC, **LAPSED}).yes


@pytest.mark.parametrize("case", [MAIL, PAGE])
@pytest.mark.parametrize(
    "gone",
    [LAPSED, {"verified": None}, {"verified": {"role": "nurse"}}, {"verified": {"level": "self_declared"}}],
    ids=["lapsed", "never", "nurse", "only said so"],
)
def test_DE_HWG_02_prescription_advertising_needs_a_valid_proof(case: dict[str, Any], gone: dict[str, Any]) -> None:
    answer = verdict(case, gone)
    assert (answer.answer, answer.rules) == ("no", ["DE-HWG-02"])


def test_DE_HWG_02_a_pharmacist_belongs_to_the_audience() -> None:
    assert verdict(PAGE, {"verified": {"role": "pharmacist"}, "person": {"profession": "pharmacist"}}).yes


def test_DE_HWG_02_a_visitor_without_login_sees_no_prescription_advertising() -> None:
    assert set(verdict(PAGE, {"verified": None, "person": None}).rules) == {"DE-HWG-01", "DE-HWG-02"}


@pytest.mark.parametrize(
    "change",
    [{"mandatory_text": None}, {"mandatory_text": "M1"}, {"product": {"mandatory_text": {"fields": ["company"]}}}],
    ids=["none bound", "superseded", "incomplete"],
)
def test_DE_HWG_04_advertising_carries_the_current_and_complete_mandatory_text(change: dict[str, Any]) -> None:
    assert verdict(MAIL, {"content": change}).rules == ["DE-HWG-04"]


@pytest.mark.parametrize(
    "change",
    [
        {"indications": ["heart failure", "migraine"]},
        {"product": {"status": "withdrawn"}},
        {"product": {"market": "AT"}},
        {"product": {"authorised_from": "2027-01-01T00:00:00+01:00"}},
        {"product": {"authorised_from": None}},
    ],
    ids=["off label", "withdrawn", "other country", "not yet", "never"],
)
def test_DE_HWG_08_only_authorised_products_in_approved_indications(change: dict[str, Any]) -> None:
    assert verdict(MAIL, {"content": change}).rules == ["DE-HWG-08"]


def test_DE_HWG_08_no_sample_of_a_product_that_left_the_market() -> None:
    assert verdict(SAMPLE, {"pack": {"product": {"status": "withdrawn"}}}).rules == ["DE-HWG-08"]


def test_DE_DDG_01_the_subject_does_not_pretend_to_be_an_answer() -> None:
    assert verdict(MAIL, {"content": {"disguised_subject": True}}).rules == ["DE-DDG-01"]
    assert verdict(MAIL).flags["imprint"] is True


@pytest.mark.parametrize(
    "change",
    [{"state": "draft"}, {"state": "withdrawn"}, {"valid_to": "2026-11-19T00:00:00+01:00"}, {"market": "AT"}],
)
@pytest.mark.parametrize("case", [MAIL, PAGE])
def test_DE_INF_01_only_released_and_valid_versions(case: dict[str, Any], change: dict[str, Any]) -> None:
    assert verdict(case, {"content": change}).rules == ["DE-INF-01"]
