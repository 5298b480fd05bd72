"""Cases from a JSON Lines file, judged without a database: `einklang gate judge FILE` (docs/gate-cases.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import orjson

from einklang.core.errors import InputError
from einklang.core.words import Words
from einklang.loop.gate import cases, judge, packs
from einklang.loop.gate.outcome import moment
from einklang.loop.gate.question import Verdict

SCHEMA = Path(__file__).with_name("case.schema.json")
WAY_OUT = Words("Die Form eines Falls steht in docs/gate-cases.md.", "docs/gate-cases.md shows the form of a case.")


def judge_lines(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """One answer for each line that is not empty; InputError names the first line that is no case."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _answer(number, _case(number, line))
            except ValueError as error:  # the form of a time is right, but there is no such time
                raise _wrong(number, str(error), str(error)) from error


def _case(number: int, line: str) -> Mapping[str, Any]:
    try:
        case = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _wrong(number, f"kein JSON: {error}", f"no JSON: {error}") from error
    problem = next(_validator().iter_errors(case), None)
    if problem is not None:
        raise _wrong(number, *(f"{problem.json_path}: {problem.message}",) * 2)
    known: Mapping[str, Any] = case
    return known


def _wrong(number: int, de: str, en: str) -> InputError:
    return InputError(f"line {number}", Words(de, en), WAY_OUT)


def _answer(number: int, case: Mapping[str, Any]) -> dict[str, Any]:
    question = cases.question(case["ask"])
    verdict = judge.judge_one(question, cases.facts(case.get("given", {}), question.recipient.id), packs.current())
    answer: dict[str, Any] = {
        "line": number,
        "answer": verdict.answer,
        "rules": verdict.rules,
        "not_before": verdict.not_before.isoformat() if verdict.not_before else None,
        "reasons": [
            {
                "rule": one.rule,
                "source": one.source,
                "outcome": one.outcome,
                "text": {"de": one.text("de"), "en": one.text("en")},
            }
            for one in verdict.reasons
        ],
        "flags": dict(verdict.flags),
        "packs": list(verdict.packs),
    }
    if "name" in case:
        answer["name"] = case["name"]
    if "then" in case:
        answer["as_expected"] = _as_expected(case["then"], verdict)
    return answer


def _as_expected(then: Mapping[str, Any], verdict: Verdict) -> bool:
    return (
        then.get("answer", verdict.answer) == verdict.answer
        and set(then.get("rules", verdict.rules)) == set(verdict.rules)
        and ("not_before" not in then or moment(then["not_before"]) == verdict.not_before)
    )


@cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(orjson.loads(SCHEMA.read_bytes()))
