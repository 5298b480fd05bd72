from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from einklang.core.errors import InputError
from einklang.loop.gate import lines
from einklang.loop.gate.tests.asking import EVERY_YES, MAIL

DOCS = Path(__file__).parents[4] / "docs"


def judged(*cases: dict[str, Any]) -> list[dict[str, Any]]:
    return list(lines.judge_lines(orjson.dumps(case).decode() for case in cases))


def test_a_lawyers_case_is_answered_with_rule_ids_sentences_and_packs() -> None:
    case = {**MAIL, "name": "no consent", "given": {**MAIL["given"], "consent": {}}}
    (answer,) = judged(case)
    assert (answer["line"], answer["name"], answer["answer"], answer["rules"]) == (1, "no consent", "no", ["DE-CON-01"])
    assert answer["reasons"][0]["source"] == "UWG § 7 (2) Nr. 2"
    assert answer["reasons"][0]["text"]["de"] == "Für E-Mail liegt keine Einwilligung vor."
    assert [name.split("@")[0] for name in answer["packs"]] == ["EU-base", "DE-human", "aurelia"]


def test_a_case_without_facts_gets_a_no() -> None:
    (answer,) = judged({"ask": MAIL["ask"]})
    assert answer["rules"] == ["GATE-04"]


def test_the_answer_says_whether_it_came_out_as_expected() -> None:
    monday = "2026-11-23T09:00:00+01:00"
    night = {**MAIL, "ask": {**MAIL["ask"], "at": "2026-11-21T23:00:00+01:00"}}
    right, wrong, late = judged(
        {**MAIL, "then": {"answer": "yes", "rules": []}},
        {**MAIL, "then": {"answer": "no"}},
        {**night, "then": {"answer": "not_before", "not_before": monday}},
    )
    assert (right["as_expected"], wrong["as_expected"], late["as_expected"]) == (True, False, True)


@pytest.mark.parametrize("case", EVERY_YES.values(), ids=EVERY_YES)
def test_every_kind_of_question_can_be_brought(case: dict[str, Any]) -> None:
    assert judged(case)[0]["answer"] == "yes"


def test_empty_lines_are_left_out_and_the_others_keep_their_number() -> None:
    text = orjson.dumps(MAIL).decode()
    assert [answer["line"] for answer in lines.judge_lines(["", text, "  ", text])] == [2, 4]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "kein JSON"),
        ("[]", "object"),
        ("{}", "'ask' is a required property"),
        ('{"ask": {"act": "send", "channel": "email", "purpose": "promotional", "at": "tomorrow"}}', r"\$\.ask\.at"),
        ('{"ask": {"act": "send", "channel": "email", "purpose": "p", "at": "2026-11-19T10:00:00"}}', r"\$\.ask\.at"),
        (
            '{"ask": {"act": "send", "channel": "email", "purpose": "p", "at": "2026-11-19T10:00:00Z"}, '
            '"given": {"consnet": {}}}',
            "consnet",
        ),
        ('{"ask": {"act": "send", "channel": "email", "purpose": "p", "at": "2026-02-31T10:00:00Z"}}', "day"),
    ],
)
def test_a_line_that_is_no_case_is_named_with_what_is_wrong(line: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as refused:
        list(lines.judge_lines(["", line]))
    assert refused.value.field == "line 2"


def test_the_documented_schema_is_the_one_that_counts() -> None:
    assert (DOCS / "gate-cases.schema.json").read_bytes() == lines.SCHEMA.read_bytes()


def test_the_documented_example_comes_out_as_expected() -> None:
    blocks = (DOCS / "gate-cases.md").read_text().split("```json\n")
    example = orjson.loads(blocks[1].split("```")[0])
    (answer,) = judged(example)
    assert answer["as_expected"] is True
