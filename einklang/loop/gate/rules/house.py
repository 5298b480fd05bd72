"""What the company decides about its own mails: who proves them, and until when they go."""

from __future__ import annotations

from einklang.loop.gate.outcome import FAIL, NOT_ASKED, PASS, Check, Outcome, Params, moment, passed
from einklang.loop.gate.question import Facts, Question

MARKED = passed(test=True)


def proof_in_the_house(question: Question, facts: Facts, params: Params) -> Outcome:
    """What is not released yet goes to fewer of them, and always marked as a test."""
    staff, content = facts["staff"], facts["content"]
    if staff is None or content["kind"] not in params["kinds"]:
        return FAIL
    released = content["state"] == "frozen"
    if not set(staff["roles"]) & set(params["released_to" if released else "unreleased_to"]):
        return FAIL
    return MARKED if facts["given"].get("test") or not released else PASS


def period_runs(question: Question, facts: Facts, params: Params) -> Outcome:
    """Asked again at dispatch, and at each moment to which another rule postpones."""
    end = facts["given"].get("not_after")
    if end is None:
        return NOT_ASKED
    return PASS if question.at < moment(end) else FAIL


RULES: dict[str, Check] = {
    "EU-INT-01": proof_in_the_house,
    "EU-END-01": period_runs,
}
