"""Whom a page about a prescription medicine may reach: asked without a content, by the rule that judges contents."""

from __future__ import annotations

from datetime import datetime

from einklang.facts.people.read import Verification
from einklang.loop.gate import closed, packs
from einklang.loop.gate.question import Question, Reason, Recipient, Verdict
from einklang.loop.gate.rules.advertising import prescription_audience

AS_IF = {"rx": True, "promotional": True, "audience": "rx"}


def prescription(market: str, proof: Verification | None, now: datetime) -> Verdict:
    """Pure. Without a pack for the market nobody is reached."""
    chain = packs.current().chain(market, now)
    if chain is None:
        return Verdict("no", (closed.NO_PACK,), None, (), {})
    question = Question("show", Recipient("person"), "portal", "promotional", at=now)
    facts = {"content": AS_IF, "verified": _facts(proof)}
    rules = [rule for rule in chain.rules.values() if rule.check is prescription_audience]
    outcomes = [(rule, rule.check(question, facts, rule.params)) for rule in rules]
    reasons = tuple(
        Reason(rule.id, outcome.kind, rule.wording, {"channel": "portal", **outcome.fill}) for rule, outcome in outcomes
    )
    allowed = bool(reasons) and all(reason.outcome == "pass" for reason in reasons)
    return Verdict("yes" if allowed else "no", reasons or (closed.NO_WAY,), None, chain.names, {})


def _facts(proof: Verification | None) -> dict[str, str | None] | None:
    if proof is None:
        return None
    until = proof.valid_until.isoformat() if proof.valid_until else None
    return {"role": proof.role, "level": proof.level, "valid_until": until}
