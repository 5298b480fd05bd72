from __future__ import annotations

import pytest

from einklang.loop.gate.tests.asking import DISCLOSURE, MAIL, READING, verdict


@pytest.mark.parametrize("state", [None, "pending", "withdrawn"])
def test_DE_TRK_01_reading_is_recorded_with_consent_only(state: str | None) -> None:
    consent = {"tracking": state} if state else {}
    assert verdict(READING, {"consent": consent}).rules == ["DE-TRK-01"]


def test_DE_TRK_01_consent_to_measure_mails_is_no_consent_to_record_reading() -> None:
    assert not verdict(READING, {"consent": {"tracking": "withdrawn", "mail_tracking": "granted"}}).yes


def test_DE_TRK_02_without_consent_the_mail_goes_out_unmeasured() -> None:
    answer = verdict(MAIL)
    assert answer.yes
    assert answer.flags["mail_tracking"] is False
    (reason,) = [one for one in answer.reasons if one.rule == "DE-TRK-02"]
    assert reason.outcome == "not_asked"
    assert "ohne Zählpixel" in reason.text("de")


def test_DE_TRK_02_with_consent_the_mail_is_measured() -> None:
    assert verdict(MAIL, {"consent": {"mail_tracking": "granted"}}).flags["mail_tracking"] is True


def test_DE_TRK_02_a_click_is_recorded_with_consent_only() -> None:
    click = {"channel": "email", "permission": "mail_tracking"}
    assert verdict(READING, {"consent": {"tracking": "granted"}}, **click).rules == ["DE-TRK-02"]
    assert verdict(READING, {"consent": {"mail_tracking": "granted"}}, **click).yes


def test_DE_TRK_02_no_other_channel_is_a_way_round() -> None:
    assert verdict(READING, permission="mail_tracking").rules == ["DE-TRK-02"]


@pytest.mark.parametrize("grade", ["topic", "title"])
def test_DE_TRK_04_the_rep_sees_what_she_allowed_in_that_grade(grade: str) -> None:
    assert verdict(DISCLOSURE, {"grades": {"rep_visibility": grade}}).flags == {"grade": grade}


def test_DE_TRK_04_without_permission_the_rep_sees_nothing() -> None:
    answer = verdict(DISCLOSURE, {"consent": {"rep_visibility": "withdrawn"}})
    assert (answer.answer, answer.rules, answer.flags) == ("no", ["DE-TRK-04"], {})


def test_AUR_TER_01_a_rep_of_another_territory_sees_nothing() -> None:
    assert verdict(DISCLOSURE, {"sender": {"territory": False}}).rules == ["AUR-TER-01"]
