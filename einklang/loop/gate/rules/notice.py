"""Who was not asked for her data is told from where they came: Art. 14 GDPR."""

from __future__ import annotations

from einklang.loop.gate.outcome import FAIL, PASS, Check, Outcome, Params, passed
from einklang.loop.gate.question import Facts, Question

NOTICE = passed(origin_notice=True)


def told_where_from(question: Question, facts: Facts, params: Params) -> Outcome:
    """A channel that carries the notice itself may be the first; every other one waits until she has been told."""
    if facts["origin"] is None:
        return PASS
    return NOTICE if question.act == "send" and question.channel in params["carries_notice"] else FAIL


RULES: dict[str, Check] = {
    "EU-DP-05": told_where_from,
}
