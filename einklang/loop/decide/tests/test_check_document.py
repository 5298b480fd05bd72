from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from einklang.core.errors import InputError
from einklang.loop.decide.journeys.document import WrongDocument, check, duration, parse
from einklang.loop.decide.journeys.problems import SCHEMA
from einklang.loop.decide.tests.documents import story, with_steps

WAIT = {"wait": {"for": "P1D"}, "next": "mail"}


def test_the_story_is_a_sound_document() -> None:
    assert check(story()) == []
    assert list(parse(story()).steps) == ["pause", "mail", "listen", "visit"]


def test_the_schema_itself_is_valid_and_accepts_the_story() -> None:
    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(story())


@pytest.mark.parametrize(
    ("document", "place", "english"),
    [
        (story(color="red"), "color", "There is no such field."),
        (with_steps(pause={**WAIT, "colour": 1}), "pause colour", "There is no such field."),
        (with_steps(pause={"wait": {"for": "P2D"}}), "pause next", "This field is missing."),
        (
            with_steps(pause={"wait": {"for": "two days"}, "next": "mail"}),
            "pause wait.for",
            "'two days' does not have the right form: needed is a duration such as P2D or PT3H.",
        ),
        (
            with_steps(pause={"wait": {"until": "9 Uhr"}, "next": "mail"}),
            "pause wait.until",
            "'9 Uhr' does not have the right form: needed is a time of day such as 09:00.",
        ),
        (with_steps(pause={"wait": {"for": "P2D"}, "next": "nowhere"}), "pause next", "There is no step 'nowhere'."),
        (story(start="nowhere"), "start", "There is no step 'nowhere'."),
        (with_steps(lost={"wait": {"for": "P1D"}, "next": "end"}), "lost", "No way leads to this step."),
        (
            with_steps(pause={**WAIT, "branch": {"if": {"specialty": ["Kardiologie"]}}}),
            "pause",
            "A step names exactly one of: wait, wait_for, branch, split, order, message, suggest.",
        ),
        (story(trigger={"kind": "content.read"}), "trigger.kind", "The log knows no 'content.read'."),
        (story(timezone="Europe/Bielefeld"), "timezone", "There is no time zone 'Europe/Bielefeld'."),
    ],
)
def test_a_problem_names_step_and_field(document: dict[str, Any], place: str, english: str) -> None:
    assert (place, english) in [(each.place, each.text.en) for each in check(document)]


def test_a_loop_is_named_with_its_way() -> None:
    found = check(with_steps(visit={**story()["steps"]["visit"], "next": "mail"}))
    assert [(each.step, each.text.en) for each in found] == [
        ("visit", "The way runs in a loop: mail → listen → visit → mail.")
    ]


def test_a_wait_may_listen_to_the_links_of_a_message_only() -> None:
    listen = {"wait_for": {"kinds": ["email.clicked"], "where": {"linked_by": "pause"}, "at_most": "P1D"}}
    found = check(with_steps(listen={**listen, "then": "visit", "else": "visit"}))
    assert [(each.step, each.field) for each in found] == [("listen", "wait_for.where.linked_by")]


def test_a_branch_may_ask_for_outcomes_that_the_step_can_have() -> None:
    branch = {"branch": {"if": {"outcome": {"of": "mail", "is": "timeout"}}}, "then": "visit", "else": "end"}
    document = with_steps(branch=branch)
    document["steps"]["listen"]["then"] = "branch"
    assert [each.text.en for each in check(document)] == ["Step 'mail' never ends with 'timeout'."]


@pytest.mark.parametrize("document", [None, [], "journey", {}, {"steps": {"a": 1}}])
def test_what_is_no_journey_at_all_is_refused_without_a_crash(document: Any) -> None:
    assert check(document)


def test_parsing_a_wrong_document_raises_with_all_problems() -> None:
    with pytest.raises(WrongDocument, match="start") as caught:
        parse(story(start="nowhere"))
    assert len(caught.value.problems) == len(check(story(start="nowhere")))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P2D", timedelta(days=2)),
        ("PT90M", timedelta(minutes=90)),
        ("P1W", timedelta(days=7)),
        ("P1DT12H", timedelta(days=1.5)),
    ],
)
def test_durations_are_iso_8601(text: str, span: timedelta) -> None:
    assert duration(text) == span


def test_a_month_is_no_exact_length() -> None:
    with pytest.raises(InputError, match="no duration"):
        duration("P1M")


def test_steps_stand_in_the_order_of_the_way() -> None:
    branch = {"branch": {"if": {"outcome": {"of": "mail", "is": "withheld"}}}, "then": "visit", "else": "listen"}
    document = with_steps(branch=branch)
    document["steps"]["mail"]["next"] = "branch"
    assert parse(document).order == ["pause", "mail", "branch", "listen", "visit"]
