from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest

from einklang.loop.gate import cases, facts, packs
from einklang.loop.gate.packs import Chain, Rule
from einklang.loop.gate.rulebook import RULES
from einklang.loop.gate.tests.asking import AT

NAMED_BY_THE_ISSUE = (
    *(f"DE-CON-{number}" for number in ("01", "05", "07", "08", "10", "11")),
    *(f"DE-TRK-{number}" for number in ("01", "02", "04")),
    *(f"DE-HWG-{number}" for number in ("01", "02", "04", "08")),
    *("DE-DDG-01", "DE-INF-01", "EU-DP-10"),
    *(f"DE-SAM-{number}" for number in ("01", "02", "03", "04", "05", "06", "07", "08", "12", "13", "16")),
    *(f"DE-REP-{number}" for number in ("01", "02", "03")),
    *("AUR-CAP-01", "AUR-CAP-02", "AUR-TIME-01"),
)


def chain() -> Chain:
    found = packs.current().chain("DE", AT)
    assert found is not None
    return found


VECTORS = [
    pytest.param(rule, vector, id=f"{rule.id}-{number}")
    for rule in chain().rules.values()
    for number, vector in enumerate(rule.vectors, start=1)
]


@pytest.mark.parametrize(("rule", "vector"), VECTORS)
def test_every_vector_of_every_pack_is_answered_as_it_says(rule: Rule, vector: Mapping[str, Any]) -> None:
    assert cases.disagreements(rule, vector) == []


def test_a_vector_that_says_otherwise_is_found() -> None:
    rule = chain().rules["DE-CON-01"]
    wrong = {"given": {"consent": {"email": "pending"}}, "then": "pass", "flags": {"unsubscribe": True}}
    assert cases.disagreements(rule, wrong) == ["answers fail, not pass", "flags {}, not {'unsubscribe': True}"]


def test_every_rule_that_the_gate_knows_stands_in_a_pack() -> None:
    assert set(chain().rules) == set(RULES)


def test_every_fact_that_a_pack_may_need_can_be_loaded() -> None:
    schema = orjson.loads((packs.HERE / "pack.schema.json").read_bytes())
    assert set(schema["$defs"]["rule"]["properties"]["needs"]["items"]["enum"]) == set(facts.WRITERS)


@pytest.mark.parametrize("rule", NAMED_BY_THE_ISSUE)
def test_the_rule_is_in_force_with_sentences_in_german_and_english(rule: str) -> None:
    wording = chain().rules[rule].wording
    for sentences in (wording.text, wording.passed, wording.not_asked, wording.way_out):
        assert sentences["de"].endswith(".")
        assert sentences["en"].endswith(".")
        assert sentences["de"] != sentences["en"]
