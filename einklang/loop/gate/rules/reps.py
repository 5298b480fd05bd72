"""Reps: §§ 75 and 76 AMG, and the company's territories."""

from __future__ import annotations

from einklang.loop.gate.outcome import FAIL, NOT_ASKED, PASS, Check, Outcome, Params
from einklang.loop.gate.question import Facts, Question


def qualified(question: Question, facts: Facts, params: Params) -> Outcome:
    return PASS if facts["sender"] and facts["sender"]["qualified"] else FAIL


def smpc_presented(question: Question, facts: Facts, params: Params) -> Outcome:
    """Asked when the report of a visit is closed: every product spoken of, in the version valid that day."""
    products = facts["given"].get("products")
    if not products:
        return NOT_ASKED
    presented = facts["given"].get("smpc_presented") or {}
    valid = facts["smpc"]
    return PASS if all(valid.get(one) and presented.get(one) == valid[one] for one in products) else FAIL


def safety_question_answered(question: Question, facts: Facts, params: Params) -> Outcome:
    """Asked when the report of a visit is closed. Yes and no are both answers."""
    if facts["given"].get("products") is None:
        return NOT_ASKED
    return FAIL if facts["given"].get("safety_answered") is None else PASS


def own_territory(question: Question, facts: Facts, params: Params) -> Outcome:
    return PASS if facts["sender"] and facts["sender"]["territory"] else FAIL


RULES: dict[str, Check] = {
    "DE-REP-01": qualified,
    "DE-REP-02": smpc_presented,
    "DE-REP-03": safety_question_answered,
    "AUR-TER-01": own_territory,
}
