from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einklang.core.words import Words
from einklang.loop.decide.journeys import changes, places
from einklang.loop.decide.journeys.problems import Problem, check
from einklang.loop.decide.tests.documents import story, with_steps

NOTHING = Words("", "")
TEXT = st.text('ab"\\\n{}[]:, é', max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=12)


def line(text: str, step: str, field: str) -> int:
    return places.read(text).line(Problem(step, field, NOTHING))


@given(st.dictionaries(TEXT, VALUES, max_size=5), st.sampled_from([None, 0, 3]))
def test_every_value_is_found_on_its_line(document: dict[str, Any], indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    read = places.read(text)
    assert read.document == document
    assert read.lines is not None
    for number, name in enumerate(document):
        found = read.lines[name,]
        assert text.splitlines()[found - 1].lstrip().startswith(json.dumps(name)) or indent is None, number


def test_a_problem_stands_on_the_line_of_its_field() -> None:
    text = changes.written(story())
    numbered = dict(enumerate(text.splitlines(), start=1))
    assert numbered[line(text, "", "start")].strip() == '"start": "pause",'
    assert '"content"' in numbered[line(text, "mail", "message.content")]
    assert '"visit.held"' in numbered[line(text, "", "goal.kind")]


def test_a_missing_field_stands_where_it_is_missing() -> None:
    text = json.dumps(with_steps(pause={"wait": {"for": "P2D"}}), indent=1)
    (problem,) = check(json.loads(text))
    assert problem.field == "next"
    assert '"pause"' in text.splitlines()[places.read(text).line(problem) - 1]


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ('{\n"a": 1\n"b": 2}', 3, "Komma"),
        ('{\n"a": 1,\n}', 3, "Komma"),
        ('{\n"a" 1}', 2, "Doppelpunkt"),
        ('{"a": ', 1, "Wert"),
        ('{"a": 1}\n}', 2, "Hinter der letzten Klammer"),
        ('{"a": 1,\n"a": 2}', 2, "zweimal"),
        ("[]", 1, "beginnt mit {"),
        ('{"a":' + "[" * 600 + "]" * 600 + "}", 1, "verschachtelt"),
        ("[" * 100_000, 1, "verschachtelt"),
        (" " * 300_000, 1, "zu lang"),
    ],
)
def test_what_is_no_document_is_said_with_its_line(text: str, at: int, said: str) -> None:
    ((found, problem),) = places.read(text).problems
    assert said in problem.text.de
    assert found == at


def test_a_document_reads_back_as_it_was_written() -> None:
    assert places.read(changes.written(story())).document == story()


def test_changes_name_step_and_field() -> None:
    after = with_steps(pause={"wait": {"for": "P3D"}, "next": "mail"}, more={"wait": {"for": "P1D"}, "next": "end"})
    del after["steps"]["visit"], after["goal"]
    found = [(each.sign, each.step, each.field) for each in changes.changes(story(), after)]
    assert found == [
        ("removed", "", "goal"),
        ("changed", "pause", "wait"),
        ("removed", "visit", ""),
        ("added", "more", ""),
    ]
    assert changes.changes(story(), story()) == []


def test_a_comparison_leaves_out_what_is_equal_and_far_away() -> None:
    before = [str(number) for number in range(30)]
    after = [*before[:15], "new", *before[16:]]
    found = changes.lines("\n".join(before), "\n".join(after))
    assert [each.sign for each in found] == [
        "gap",
        *["same"] * 3,
        "removed",
        "added",
        *["same"] * 3,
        "gap",
    ]
    assert [(each.before, each.after, each.text) for each in found if each.sign in ("added", "removed")] == [
        (16, None, "15"),
        (None, 16, "new"),
    ]


def test_a_document_is_written_in_the_order_of_its_way() -> None:
    shuffled = json.loads(json.dumps(story(), sort_keys=True))
    assert changes.written(shuffled) == changes.written(story())
    found = [line.strip() for line in changes.written(shuffled).splitlines()]
    steps = [f'"{name}": {{' for name in ("mail", "listen", "visit")]
    assert [line for line in found if line in steps] == steps
    assert found[1] == '"format": 1,'
