"""Advertising for medicines: HWG, § 74a AMG, § 6 DDG."""

from __future__ import annotations

from typing import Any

from einklang.loop.gate.outcome import FAIL, NOT_ASKED, PASS, Check, Outcome, Params, covers, failed, passed
from einklang.loop.gate.question import Facts, Question

LEVELS = ("self_declared", "third_party", "document", "eid")

IMPRINT = passed(imprint=True)


def professionals_only(question: Question, facts: Facts, params: Params) -> Outcome:
    if facts["content"]["audience"] == "public":
        return NOT_ASKED
    profession = _verified_role(question, facts) if params["evidence"] == "verified" else _recorded_role(facts)
    return PASS if profession in params["professions"] else failed(role=profession or "none")


def prescription_audience(question: Question, facts: Facts, params: Params) -> Outcome:
    content = facts["content"]
    if not (content["rx"] and content["promotional"]) and content["audience"] != "rx":
        return NOT_ASKED
    role = _verified_role(question, facts)
    if role is None or LEVELS.index(facts["verified"]["level"]) < LEVELS.index(params["level"]):
        return failed(role="none")
    return PASS if role in params["professions"] else failed(role=role)


def mandatory_text(question: Question, facts: Facts, params: Params) -> Outcome:
    content = facts["content"]
    if not _advertises_product(content):
        return NOT_ASKED
    current = (content["product"] or {}).get("mandatory_text")
    if current is None or current["id"] != content["mandatory_text"]:
        return FAIL
    return PASS if set(params["fields"]) <= set(current["fields"]) else FAIL


def authorised_use(question: Question, facts: Facts, params: Params) -> Outcome:
    """The product is on the market where the person practises, and nothing is said beyond what it is approved for."""
    if question.act == "hand_over":
        return _on_the_market(question, facts, facts["pack"]["product"])
    content = facts["content"]
    if not _advertises_product(content):
        return NOT_ASKED
    product = content["product"]
    if product is None or not set(content["indications"]) <= set(product["indications"]):
        return FAIL
    return _on_the_market(question, facts, product)


def recognisable_sender(question: Question, facts: Facts, params: Params) -> Outcome:
    return FAIL if facts["content"]["disguised_subject"] else IMPRINT


def released_version(question: Question, facts: Facts, params: Params) -> Outcome:
    content = facts["content"]
    released = content["state"] == "frozen" and content["market"] == facts["market"]
    return PASS if released and covers(content["valid_from"], content["valid_to"], question.at) else FAIL


def _recorded_role(facts: Facts) -> str | None:
    return (facts["person"] or {}).get("profession")


def _verified_role(question: Question, facts: Facts) -> str | None:
    verified = facts["verified"]
    if verified is None or verified["level"] not in LEVELS or not covers(None, verified["valid_until"], question.at):
        return None
    role: str = verified["role"]
    return role


def _advertises_product(content: dict[str, Any]) -> bool:
    return content["promotional"] and content["authorisation"] is not None


def _on_the_market(question: Question, facts: Facts, product: dict[str, Any]) -> Outcome:
    since = product["authorised_from"]
    authorised = product["status"] == "authorised" and product["market"] == facts["market"] and since is not None
    return PASS if authorised and covers(since, None, question.at) else FAIL


RULES: dict[str, Check] = {
    "DE-HWG-01": professionals_only,
    "DE-HWG-02": prescription_audience,
    "DE-HWG-04": mandatory_text,
    "DE-HWG-08": authorised_use,
    "DE-DDG-01": recognisable_sender,
    "DE-INF-01": released_version,
}
