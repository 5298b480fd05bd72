"""Consent, withdrawal and objection: § 7 UWG, Art. 7 and 21 GDPR."""

from __future__ import annotations

from einklang.loop.gate.outcome import FAIL, NOT_ASKED, PASS, Check, Outcome, Params, failed, passed
from einklang.loop.gate.question import Facts, Question

COUNTS = {"express": ("granted", "pending"), "express_doi": ("granted",)}
WITHDRAWN = ("withdrawn", "objected")

STOP_ADDRESS = passed(unsubscribe=True)
DOUBLE_OPT_IN = passed(double_opt_in=True, mail_tracking=False)
OBJECTION_NOTICE = passed(objection_notice=True)


def consent_given(question: Question, facts: Facts, params: Params) -> Outcome:
    return PASS if facts["consent"].get(question.channel) in COUNTS[params["form"]] else FAIL


def consent_confirmed(question: Question, facts: Facts, params: Params) -> Outcome:
    """A mail that asks for the confirmation names the permission and goes out without measuring."""
    if question.purpose == "transactional":
        return DOUBLE_OPT_IN if question.permission else NOT_ASKED
    match facts["consent"].get(question.channel):
        case "pending":
            return FAIL
        case "granted":
            return PASS
        case _:
            return NOT_ASKED


def call_allowed(question: Question, facts: Facts, params: Params) -> Outcome:
    """Express, or presumed for a factual reason that is written down; a withdrawal is `DE-CON-11`'s no."""
    if facts["consent"].get(question.channel) == "granted":
        return PASS
    return PASS if facts["given"].get("presumed_because") in params["reasons"] else FAIL


def not_withdrawn(question: Question, facts: Facts, params: Params) -> Outcome:
    return FAIL if facts["consent"].get(question.channel) in WITHDRAWN else STOP_ADDRESS


def one_permission_at_a_time(question: Question, facts: Facts, params: Params) -> Outcome:
    """No blanket permission, and no sample or page that costs a consent."""
    if question.act == "hand_over":
        request = facts["given"].get("request") or {}
        return FAIL if request.get("coupled_with") else PASS
    return PASS if question.permission in params[question.act] else FAIL


def free_of_advertising(question: Question, facts: Facts, params: Params) -> Outcome:
    return FAIL if facts["content"]["promotional"] else PASS


def no_objection_to_visits(question: Question, facts: Facts, params: Params) -> Outcome:
    objected = facts["consent"].get(question.channel) in WITHDRAWN
    return failed(contact=question.channel) if objected else PASS


def no_objection_to_marketing(question: Question, facts: Facts, params: Params) -> Outcome:
    """The notice of the right to object stands in the first mail, and again after a silence."""
    mail = question.act == "send"
    if mail and question.purpose not in params["mails_for_marketing"]:
        return NOT_ASKED
    if facts["consent"].get("marketing") in WITHDRAWN:
        return FAIL
    if not mail:
        return PASS
    return PASS if any(channel == "email" for _, channel in facts["contacts"]) else OBJECTION_NOTICE


RULES: dict[str, Check] = {
    "EU-DP-10": no_objection_to_marketing,
    "DE-CON-01": consent_given,
    "DE-CON-03": call_allowed,
    "DE-CON-05": consent_confirmed,
    "DE-CON-07": not_withdrawn,
    "DE-CON-08": one_permission_at_a_time,
    "DE-CON-10": free_of_advertising,
    "DE-CON-11": no_objection_to_visits,
}
