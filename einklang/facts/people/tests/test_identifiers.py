"""The examples of regulation.md §8; all numbers are made up."""

from __future__ import annotations

import pytest

from einklang.facts.people import identifiers

LANR = ("123456601", "838382202", "246813950", "314159303", "987654434")
PSEUDO = ("999999900", "555555500", "444444400", "333333300")
EFN = ("802760901234566", "802760900000018", "802760106543217", "802761702718286", "802760503141599")


@pytest.mark.parametrize("value", LANR)
def test_DE_ID_01_a_lanr_with_the_right_check_digit_passes(value: str) -> None:
    assert identifiers.lanr_ok(value)
    assert identifiers.check("lanr", value) == []


@pytest.mark.parametrize("value", ["123456701", "12345660", "1234566011", "12345660²", "", "12345660a"])
def test_DE_ID_01_a_wrong_lanr_blocks_by_hand_and_warns_on_import(value: str) -> None:
    assert not identifiers.lanr_ok(value)
    assert [problem.severity for problem in identifiers.check("lanr", value)] == ["BLOCK"]
    assert [problem.severity for problem in identifiers.check("lanr", value, manual=False)] == ["WARN"]


@pytest.mark.parametrize("value", PSEUDO)
def test_DE_ID_03_a_pseudo_number_is_never_a_key(value: str) -> None:
    assert not identifiers.lanr_ok(value)
    assert [problem.severity for problem in identifiers.check("lanr", value, manual=False)] == ["BLOCK"]


@pytest.mark.parametrize("value", EFN)
def test_DE_ID_04_an_efn_with_the_right_luhn_digit_passes(value: str) -> None:
    assert identifiers.efn_ok(value)


@pytest.mark.parametrize("value", ["802760901234565", "812760901234566", "80276090123456", "80276090123456²"])
def test_DE_ID_04_a_wrong_efn_only_warns(value: str) -> None:
    assert not identifiers.efn_ok(value)
    assert [problem.severity for problem in identifiers.check("efn", value)] == ["WARN"]


@pytest.mark.parametrize(("value", "right"), [("391234511", True), ("39123451", False), ("39123451²", False)])
def test_DE_ID_02_a_bsnr_has_nine_digits(value: str, right: bool) -> None:
    assert identifiers.bsnr_ok(value) is right


@pytest.mark.parametrize(
    ("value", "right"), [("1-2c47sd-e518", True), ("10-80276", True), ("0-1", False), ("1-", False), ("1-a b", False)]
)
def test_DE_ID_05_a_telematik_id_has_its_form(value: str, right: bool) -> None:
    assert identifiers.telematik_ok(value) is right


def test_an_unknown_kind_of_number_is_refused() -> None:
    assert [problem.severity for problem in identifiers.check("passport", "1")] == ["BLOCK"]


def test_a_problem_is_told_in_both_languages() -> None:
    (problem,) = identifiers.check("lanr", "1")
    assert "neun Ziffern" in problem.text.de
    assert "nine digits" in problem.text.en
