"""Samples of medicines: § 47 (3) and (4) AMG, § 17 and § 20 AMWHV."""

from __future__ import annotations

from datetime import date
from typing import Any

from einklang.loop.gate.outcome import FAIL, NOT_ASKED, PASS, Check, Outcome, Params, covers, failed, moment, passed
from einklang.loop.gate.question import Facts, Question

COUNT_KEYS = ("marketing_authorisation", "brand_family")


def retain_until(recorded: date, expiry: date, *, after_expiry: int, after_record: int) -> date:
    """Years after the batch expires, but never fewer than years after the record (§ 20 (1) AMWHV)."""
    return max(_years_later(expiry, after_expiry), _years_later(recorded, after_record))


def recipient_class(question: Question, facts: Facts, params: Params) -> Outcome:
    verified = facts["verified"]
    if verified is None or not covers(None, verified["valid_until"], question.at):
        return failed(role="none")
    allowed = params["rx"] if facts["pack"]["product"]["rx"] else params["otc"]
    return PASS if verified["role"] in allowed else failed(role=verified["role"])


def own_request(question: Question, facts: Facts, params: Params) -> Outcome:
    """Written or electronic, by the same person for the same product, made before, for one delivery."""
    request = facts["given"].get("request")
    if not request:
        return FAIL
    theirs = request.get("person") == facts["recipient"]
    same = facts["pack"]["authorisation"] == request.get("authorisation")
    before = request.get("at") is not None and moment(request["at"]) <= question.at
    once = not request.get("delivered") and not request.get("standing")
    form = request.get("form", "electronic") in params["forms"]
    return PASS if theirs and same and before and once and form else FAIL


def quota(question: Question, facts: Facts, params: Params) -> Outcome:
    used = facts["given"].get("quota_used")
    if used is None:
        return failed(used="unknown", max=params["max_units"])
    fits = question.quantity > 0 and used + question.quantity <= params["max_units"]
    return PASS if fits else failed(used=used, max=params["max_units"])


def counting_unit(question: Question, facts: Facts, params: Params) -> Outcome:
    """Counting by brand family takes in every strength, so it satisfies a rule that asks for less."""
    counted = facts["given"].get("count_key")
    if counted not in COUNT_KEYS:
        return FAIL
    return PASS if COUNT_KEYS.index(counted) >= COUNT_KEYS.index(params["count_key"]) else FAIL


def smallest_pack(question: Question, facts: Facts, params: Params) -> Outcome:
    return PASS if facts["pack"]["is_smallest"] or not params["smallest_only"] else FAIL


def label(question: Question, facts: Facts, params: Params) -> Outcome:
    return passed(label=params["label"]) if facts["pack"]["label_confirmed"] else failed(label=params["label"])


def substance(question: Question, facts: Facts, params: Params) -> Outcome:
    product = facts["pack"]["product"]
    special = product["t_rezept"] and params["no_t_rezept"]
    psychotropic = product["un_psychotropic"] and params["no_un_psychotropic"]
    return FAIL if special or psychotropic or product["btm_annex"] in params["btm_annex"] else PASS


def smpc_enclosed(question: Question, facts: Facts, params: Params) -> Outcome:
    """A delivery that names the version it encloses must name the one valid on that day."""
    valid = facts["pack"]["product"]["smpc"]
    enclosed = facts["given"].get("smpc")
    if valid is None or (enclosed is not None and enclosed != valid["id"]):
        return FAIL
    return passed(smpc=valid["id"])


def retention(question: Question, facts: Facts, params: Params) -> Outcome:
    """Asked once batch and expiry are known."""
    kept = facts["given"].get("retention")
    if kept is None:
        return NOT_ASKED
    recorded, expiry, until = (moment(kept[key]).date() for key in ("recorded", "expiry", "until"))
    years = {"after_expiry": params["after_expiry"], "after_record": params["after_record"]}
    return PASS if until >= retain_until(recorded, expiry, **years) else FAIL


def delivery_paper(question: Question, facts: Facts, params: Params) -> Outcome:
    """Asked once the delivery note is made."""
    note: dict[str, Any] | None = facts["given"].get("delivery_note")
    if note is None:
        return NOT_ASKED
    return PASS if all(note.get(entry) for entry in params["entries"]) else FAIL


def no_incentive(question: Question, facts: Facts, params: Params) -> Outcome:
    """A message may say that samples can be requested; it may not bring one, and no campaign may order one."""
    if question.act == "send":
        return FAIL if question.pack else NOT_ASKED
    return FAIL if facts["given"].get("journey") else PASS


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


RULES: dict[str, Check] = {
    "DE-SAM-01": recipient_class,
    "DE-SAM-02": own_request,
    "DE-SAM-03": quota,
    "DE-SAM-04": counting_unit,
    "DE-SAM-05": smallest_pack,
    "DE-SAM-06": label,
    "DE-SAM-07": substance,
    "DE-SAM-08": smpc_enclosed,
    "DE-SAM-12": retention,
    "DE-SAM-13": delivery_paper,
    "DE-SAM-16": no_incentive,
}
