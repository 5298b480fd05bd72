"""What may be observed, and who may see it: § 25 TDDDG."""

from __future__ import annotations

from einklang.loop.gate.outcome import FAIL, NOT_ASKED, PASS, Check, Outcome, Params, passed
from einklang.loop.gate.question import Facts, Question

UNMEASURED_PURPOSES = ("transactional", "safety")
MEASURED = passed(mail_tracking=True)
UNMEASURED = Outcome("not_asked", flags={"mail_tracking": False})
GRADES = {grade: passed(grade=grade) for grade in ("topic", "title")}


def device_access(question: Question, facts: Facts, params: Params) -> Outcome:
    if question.permission != "tracking":
        return NOT_ASKED
    return PASS if facts["consent"].get("tracking") == "granted" else FAIL


def measured_mail(question: Question, facts: Facts, params: Params) -> Outcome:
    """A mail may go out without being measured; an opening or a click may not be recorded.

    What she needs for an account or for safety is never measured.
    """
    granted = facts["consent"].get("mail_tracking") == "granted"
    if question.act == "send":
        return MEASURED if granted and question.purpose not in UNMEASURED_PURPOSES else UNMEASURED
    if question.permission != "mail_tracking":
        return NOT_ASKED
    return PASS if granted else FAIL


def shown_to_the_rep(question: Question, facts: Facts, params: Params) -> Outcome:
    if facts["consent"].get("rep_visibility") != "granted":
        return FAIL
    return GRADES.get(facts["grades"].get("rep_visibility"), GRADES["topic"])


RULES: dict[str, Check] = {
    "DE-TRK-01": device_access,
    "DE-TRK-02": measured_mail,
    "DE-TRK-04": shown_to_the_rep,
}
