"""The verdict of the gate: pure, one question at a time, over facts that were loaded for the whole batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from einklang.core.pg import Cursor
from einklang.loop.gate import closed, facts, packs
from einklang.loop.gate.outcome import Outcome
from einklang.loop.gate.packs import Chain, Packs, Rule
from einklang.loop.gate.question import Facts, Question, Reason, Verdict

POSTPONED_AT_MOST = 100


def judge(questions: Sequence[Question], known: Sequence[Facts], packs: Packs) -> list[Verdict]:
    """Like questions over equal facts share one verdict, as most of a campaign do."""
    shared: dict[tuple[Any, ...], Verdict] = {}
    verdicts = []
    for question, own in zip(questions, known, strict=True):
        key = (*_read_by_rules(question), facts.canonical(own))
        if key not in shared:
            shared[key] = judge_one(question, own, packs)
        verdicts.append(shared[key])
    return verdicts


def _read_by_rules(question: Question) -> tuple[Any, ...]:
    """All that a verdict may depend on besides the facts; a test holds the rules to it."""
    recipient = question.recipient
    return (
        question.act,
        question.channel,
        question.purpose,
        question.pack,
        question.quantity,
        question.permission,
        question.at,
        recipient.kind,
        recipient.id is None,
        recipient.person is None,
    )


def ask_only(cur: Cursor, questions: Sequence[Question], known: facts.Known | None = None) -> list[Verdict]:
    """Load and judge, store nothing: for page views, lists and the intake. The reasons name the person."""
    if not questions:
        return []
    loaded, people = facts.gather(cur, questions, known)
    verdicts = judge(questions, loaded, packs.current())
    return [
        verdict if verdict.yes else named(verdict, people.names(question.recipient.person))
        for question, verdict in zip(questions, verdicts, strict=True)
    ]


def named(verdict: Verdict, names: Mapping[str, str]) -> Verdict:
    """The same verdict with a name in its sentences."""
    return replace(verdict, reasons=tuple(replace(reason, person=names) for reason in verdict.reasons))


def judge_one(question: Question, facts: Facts, packs: Packs) -> Verdict:
    """Not before T holds only if T itself is allowed: the question is asked again at T, until it is or becomes a no."""
    first = verdict = _judge_at(question, facts, packs)
    for _ in range(POSTPONED_AT_MOST):
        if verdict.not_before is None:
            break
        allowed_from = verdict.not_before
        verdict = _judge_at(replace(question, at=allowed_from), facts, packs)
        if verdict.yes:
            return _postponed(first, allowed_from, verdict.packs)
    else:
        return _refused(closed.NEVER_ALLOWED, first.packs)
    return verdict if verdict is first else replace(verdict, packs=_both(first.packs, verdict.packs))


def _judge_at(question: Question, facts: Facts, packs: Packs) -> Verdict:
    chain = packs.chain(facts["market"], question.at) if facts["market"] else None
    if refusal := _closed(question, facts, chain):
        return _refused(refusal, chain.names if chain else ())
    assert chain is not None
    route = chain.route(question.act, question.channel, question.purpose)
    assert route is not None
    flags: dict[str, Any] = {}
    reasons: dict[str, list[Reason]] = {"fail": [], "not_before": [], "pass": [], "not_asked": []}
    for rule, plain in route.rules:
        outcome = rule.check(question, facts, rule.params)
        if outcome.flags:
            flags.update(outcome.flags)
        ready = not outcome.fill and outcome.not_before is None
        reasons[outcome.kind].append(plain[outcome.kind] if ready else _reason(question, rule, outcome))
    return _verdict(chain, reasons, flags)


def _closed(question: Question, facts: Facts, chain: Chain | None) -> Reason | None:
    """What no rule needs to be asked for."""
    recipient, act = question.recipient, question.act
    if recipient.kind == "person" and (facts["market"] is None or (recipient.id is None and act == "send")):
        return closed.NO_PERSON
    if recipient.person is None and act in ("visit", "hand_over", "disclose"):
        return closed.NO_PERSON
    if chain is None:
        return closed.NO_PACK
    if chain.route(act, question.channel, question.purpose) is None:
        return closed.NO_WAY
    if act in ("send", "show") and not facts.get("content"):
        return closed.NO_CONTENT
    if act == "hand_over" and not facts.get("pack"):
        return closed.NO_PACK_SIZE
    return None


def _verdict(chain: Chain, reasons: Mapping[str, list[Reason]], flags: Mapping[str, Any]) -> Verdict:
    fails, waits = reasons["fail"], reasons["not_before"]
    if len(waits) > 1:
        waits.sort(key=_moment, reverse=True)
    return Verdict(
        answer="no" if fails else "not_before" if waits else "yes",
        reasons=(*fails, *waits, *reasons["pass"], *reasons["not_asked"]),
        not_before=waits[0].not_before if waits and not fails else None,
        packs=chain.names,
        flags={} if fails else flags,
    )


def _reason(question: Question, rule: Rule, outcome: Outcome) -> Reason:
    moment = outcome.not_before.astimezone(UTC) if outcome.not_before else None
    return Reason(rule.id, outcome.kind, rule.wording, {"channel": question.channel, **outcome.fill}, moment)


def _postponed(verdict: Verdict, until: datetime, packs: tuple[str, ...]) -> Verdict:
    """The reasons of now, with the moment that all of them allow."""
    reasons = (
        replace(reason, not_before=until) if reason.outcome == "not_before" else reason for reason in verdict.reasons
    )
    return replace(verdict, reasons=tuple(reasons), not_before=until, packs=_both(verdict.packs, packs))


def _both(now: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*now, *later)))


def _refused(reason: Reason, packs: tuple[str, ...]) -> Verdict:
    return Verdict("no", (reason,), None, packs, {})


def _moment(reason: Reason) -> datetime:
    assert reason.not_before is not None
    return reason.not_before
