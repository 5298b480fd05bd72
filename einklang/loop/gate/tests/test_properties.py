from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from einklang.loop.gate import cases, packs
from einklang.loop.gate.judge import judge, judge_one
from einklang.loop.gate.packs import HERE
from einklang.loop.gate.question import Question, Verdict
from einklang.loop.gate.tests.asking import EVERY_YES, MAIL, SAMPLE, merged, verdict

SHIPPED = [packs.read(path) for path in sorted(HERE.glob("*.yaml"))]
OTHER = {
    "pack": {
        "id": "o",
        "version": "1.0.0",
        "valid_from": "2025-11-01",
        "extends": "DE-human",
        "legal_entity": "aurelia",
    }
}
TIGHTER: dict[str, dict[str, list[Any]]] = {
    "DE-SAM-03": {"max_units": [2, 1, 0]},
    "DE-SAM-01": {"rx": [["physician"], [], ["dentist"]], "otc": [["physician"]]},
    "DE-HWG-01": {"evidence": ["verified"], "professions": [["physician"], ["nurse"]]},
    "DE-HWG-02": {"level": ["document", "eid"], "professions": [["dentist"], ["physician"]]},
    "DE-SAM-12": {"after_record": [6, 10]},
    "DE-SAM-13": {"entries": [["date", "product", "quantity", "supplier", "recipient", "label", "smpc", "batch"]]},
    "EU-DP-10": {"mails_for_marketing": [["promotional", "medical", "service"]]},
}
FAILURES: list[dict[str, Any]] = [
    {"consent": {"marketing": "objected"}},
    {"consent": {"email": "withdrawn"}},
    {"consent": {"email": "pending"}},
    {"consent": {"visit": "objected"}},
    {"consent": {"tracking": "withdrawn"}},
    {"consent": {"rep_visibility": "withdrawn"}},
    {"verified": None},
    {"verified": {"valid_until": "2026-01-01T00:00:00+01:00"}},
    {"person": {"profession": "student"}},
    {"content": {"state": "withdrawn"}},
    {"content": {"mandatory_text": None}},
    {"content": {"indications": ["migraine"]}},
    {"content": {"disguised_subject": True}},
    {"pack": {"is_smallest": False}},
    {"pack": {"label_confirmed": False}},
    {"pack": {"product": {"t_rezept": True}}},
    {"pack": {"product": {"smpc": None}}},
    {"given": {"quota_used": 2}},
    {"given": {"request": None}},
    {"given": {"safety_answered": None}},
    {"given": {"smpc_presented": None}},
    {"sender": {"qualified": False}},
    {"sender": {"territory": False}},
    {"market": "AT"},
    {"consent": {"mail_tracking": "withdrawn"}},
]
SINCE, MINUTES = datetime(2025, 12, 1, tzinfo=UTC), 3 * 365 * 24 * 60
MOMENTS = st.integers(0, MINUTES).map(lambda minutes: SINCE + timedelta(minutes=minutes))


def asked(case: dict[str, Any], failures: list[dict[str, Any]]) -> tuple[Question, Any]:
    known = case["given"]
    for failure in failures:
        known = merged(known, {part: change for part, change in failure.items() if known.get(part) or part == "market"})
    return cases.question(case["ask"]), cases.facts(known)


@given(
    st.sampled_from(sorted(EVERY_YES)),
    st.lists(st.sampled_from(FAILURES), max_size=4),
    st.sampled_from(FAILURES),
)
def test_a_no_never_becomes_a_yes_by_one_more_failing_fact(
    name: str, failures: list[dict[str, Any]], one_more: dict[str, Any]
) -> None:
    before = judge_one(*asked(EVERY_YES[name], failures), packs.current())
    after = judge_one(*asked(EVERY_YES[name], [*failures, one_more]), packs.current())
    assert not after.yes or before.yes


@given(
    st.sampled_from(sorted(EVERY_YES)),
    st.lists(st.sampled_from(FAILURES), max_size=2),
    st.sampled_from(
        [(rule, param, value) for rule, ways in TIGHTER.items() for param, vs in ways.items() for value in vs]
    ),
)
def test_a_tightening_overlay_never_turns_a_no_into_a_yes(
    name: str, failures: list[dict[str, Any]], tighter: tuple[str, str, Any]
) -> None:
    rule, param, value = tighter
    overlay = {**OTHER, "rules": [], "tighten": {rule: {param: value}}}
    question, facts = asked(EVERY_YES[name], failures)
    loose = judge_one(question, facts, packs.current())
    tight = judge_one(question, facts, packs.build([*SHIPPED, overlay], "aurelia"))
    assert not tight.yes or loose.yes
    assert set(loose.rules) <= set(tight.rules)


@settings(max_examples=200)
@given(
    MOMENTS,
    st.lists(st.tuples(st.integers(0, 60 * 24 * 40), st.sampled_from(["email", "visit", "phone"])), max_size=12),
    st.sampled_from(["DE-NI", "DE-BY", "DE-SN", "DE-BB", ""]),
)
def test_not_before_is_later_and_allowed_at_that_very_moment(
    at: datetime, contacts: list[tuple[int, str]], land: str
) -> None:
    facts = {
        "person": {"land": land},
        "verified": {"valid_until": None},
        "contacts": [[(at - timedelta(minutes=ago)).isoformat(), channel] for ago, channel in contacts],
    }
    answer = verdict(MAIL, facts, at=at.isoformat())
    if answer.not_before is None:
        assert answer.yes
        return
    assert answer.not_before > at
    assert verdict(MAIL, facts, at=answer.not_before.isoformat()).yes


@given(st.lists(st.tuples(st.sampled_from(sorted(EVERY_YES)), st.sampled_from(FAILURES)), max_size=20))
def test_a_batch_is_judged_like_its_questions_one_by_one(batch: list[tuple[str, dict[str, Any]]]) -> None:
    questions, facts = [], []
    for name, failure in batch:
        question, known = asked(EVERY_YES[name], [failure])
        questions.append(question)
        facts.append(known)
    alone = [judge_one(question, known, packs.current()) for question, known in zip(questions, facts, strict=True)]
    assert judge(questions, facts, packs.current()) == alone


@given(st.integers(0, 5), st.integers(0, 5))
def test_the_quota_is_never_exceeded(used: int, quantity: int) -> None:
    answer: Verdict = verdict(SAMPLE, {"given": {"quota_used": used}}, quantity=quantity)
    assert answer.yes == (quantity > 0 and used + quantity <= 2)
