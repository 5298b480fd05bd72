"""The journeys that the demo brings are sound, and do what their tests say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from einklang.loop.decide.journeys.document import parse
from einklang.loop.decide.journeys.trials import outcomes
from einklang.project import demo

FILES = sorted(Path(demo.__file__).parent.glob("journey*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_journey_of_the_demo_does_what_the_tests_beside_it_say(file: Path) -> None:
    beside = file.with_suffix(".tests.yaml")
    plan = parse(json.loads(file.read_text()))
    assert [each for each in outcomes(plan, beside.read_text() if beside.exists() else "") if not each.passed] == []
