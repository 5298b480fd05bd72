from __future__ import annotations

import pytest

from einklang.loop.gate.judge import named
from einklang.loop.gate.tests.asking import DISCLOSURE, MAIL, READING, SAMPLE, VISIT, verdict

SYSTEM_MAIL = {"kind": "system_mail", "promotional": False, "rx": False, "audience": "public", "authorisation": None}


def test_DE_CON_01_an_advertising_mail_needs_consent_for_email() -> None:
    answer = verdict(MAIL, {"consent": {}})
    assert (answer.answer, answer.rules) == ("no", ["DE-CON-01"])
    assert answer.decisive[0].text("de") == "Für E-Mail liegt keine Einwilligung vor."
    assert answer.decisive[0].text("en") == "There is no consent for e-mail."


def test_DE_CON_01_the_way_out_names_the_person_in_both_languages() -> None:
    answer = named(verdict(MAIL, {"consent": {}}), {"de": "Dr. Kern", "en": "Dr Kern"})
    assert answer.decisive[0].way_out("de") == "Ein Ja wird daraus, sobald Dr. Kern zustimmt."
    assert answer.decisive[0].way_out("en") == "It becomes a yes as soon as Dr Kern agrees."


def test_DE_CON_01_a_yes_says_why_it_is_allowed() -> None:
    answer = verdict(MAIL)
    assert answer.yes
    assert "Für E-Mail liegt eine Einwilligung vor." in [reason.text("de") for reason in answer.reasons]


def test_DE_CON_05_a_pending_opt_in_allows_no_advertising() -> None:
    assert verdict(MAIL, {"consent": {"email": "pending"}}).rules == ["DE-CON-01", "DE-CON-05"]


def test_DE_CON_05_the_opt_in_mail_itself_may_go_out_unmeasured() -> None:
    changes = {"consent": {"email": "pending", "mail_tracking": "granted"}, "content": SYSTEM_MAIL}
    answer = verdict(MAIL, changes, purpose="transactional", permission="email")
    assert answer.yes
    assert answer.flags["double_opt_in"] is True
    assert answer.flags["mail_tracking"] is False


def test_DE_CON_07_a_withdrawal_stops_the_mail() -> None:
    assert "DE-CON-07" in verdict(MAIL, {"consent": {"email": "withdrawn"}}).rules


def test_DE_CON_07_every_advertising_mail_carries_an_unsubscribe() -> None:
    assert verdict(MAIL).flags["unsubscribe"] is True


def test_DE_CON_08_nobody_records_under_a_blanket_permission() -> None:
    assert verdict(READING, permission="everything").rules == ["DE-CON-08"]


def test_DE_CON_08_each_act_has_its_own_permission() -> None:
    assert verdict(READING, {"consent": {"rep_visibility": "granted"}}, permission="rep_visibility").rules == [
        "DE-CON-08"
    ]
    assert verdict(DISCLOSURE, {"consent": {"tracking": "granted"}}, permission="tracking").rules == ["DE-CON-08"]


def test_DE_CON_08_a_sample_costs_no_consent() -> None:
    assert verdict(SAMPLE, {"given": {"request": {"coupled_with": ["email"]}}}).rules == ["DE-CON-08"]


@pytest.mark.parametrize("purpose", ["transactional", "service", "safety"])
def test_DE_CON_10_a_mail_that_is_no_advertising_contains_none(purpose: str) -> None:
    assert verdict(MAIL, {"content": {"promotional": True}}, purpose=purpose).rules == ["DE-CON-10"]
    assert verdict(MAIL, {"consent": {}, "content": SYSTEM_MAIL}, purpose=purpose).yes


def test_DE_CON_11_an_objection_to_visits_stops_the_visit_and_nothing_else() -> None:
    answer = verdict(VISIT, {"consent": {"visit": "objected"}})
    assert (answer.answer, answer.rules) == ("no", ["DE-CON-11"])
    assert answer.decisive[0].text("de") == "Die Person hat Besuchen widersprochen."
    assert verdict(MAIL, {"consent": {"visit": "objected"}}).yes
    assert verdict(SAMPLE, {"consent": {"visit": "objected"}}).yes


@pytest.mark.parametrize("case", [MAIL, VISIT, DISCLOSURE, READING])
def test_EU_DP_10_an_objection_to_marketing_comes_first(case: dict[str, dict[str, object]]) -> None:
    assert verdict(case, {"consent": {"marketing": "objected"}}).rules[0] == "EU-DP-10"


def test_EU_DP_10_the_first_mail_carries_the_notice_and_the_second_does_not() -> None:
    assert verdict(MAIL).flags["objection_notice"] is True
    assert "objection_notice" not in verdict(MAIL, {"contacts": [["2026-11-10T10:00:00+01:00", "email"]]}).flags


def test_EU_DP_10_a_mail_about_her_order_reaches_her_after_an_objection() -> None:
    changes = {"consent": {"marketing": "objected"}, "content": SYSTEM_MAIL}
    assert verdict(MAIL, changes, purpose="service").yes
