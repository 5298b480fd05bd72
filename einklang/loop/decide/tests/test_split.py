"""Experiments: by chance and for good, the same for everybody who looks."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einklang.loop.decide.journeys import chance
from einklang.loop.decide.journeys.document import END, Journey, Split, Way, check, parse
from einklang.loop.decide.journeys.step import Advance, Answer, Due, Fact, Sent, State, Traits, advance, enter
from einklang.loop.decide.tests.documents import STORY, story, with_steps

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
MAIL = STORY["steps"]["mail"]["message"]
SUGGEST = STORY["steps"]["visit"]["suggest"]
SPLIT = {"split": [{"name": "mit", "share": 3, "next": "mail"}, {"name": "ohne", "share": 1, "next": "visit"}]}
ORDER = {
    "order": {"between": "P3D", "steps": [{"name": "brief", "message": MAIL}, {"name": "besuch", "suggest": SUGGEST}]},
    "next": "listen",
}


def people(count: int) -> list[UUID]:
    return [UUID(int=number * 7919) for number in range(count)]


def split() -> dict[str, Any]:
    return {**with_steps(versuch=SPLIT), "start": "versuch", "steps": {**_without_pause(), "versuch": SPLIT}}


def _without_pause() -> dict[str, Any]:
    return {name: step for name, step in deepcopy(STORY["steps"]).items() if name != "pause"}


def ordered() -> dict[str, Any]:
    listen = {"wait_for": {"kinds": ["email.clicked"], "where": {"linked_by": "brief"}, "at_most": "P3D"}}
    asked = {"branch": {"if": {"outcome": {"of": "brief", "is": "withheld"}}}, "then": "listen", "else": "end"}
    steps = {"reihe": {**ORDER, "next": "asked"}, "asked": asked, "listen": {**listen, "then": "end", "else": "end"}}
    return story(start="reihe", steps=steps)


def first_due(plan: Journey, person: UUID) -> Advance:
    return advance(plan, enter(plan, NOW), Due(NOW), Traits(person=person))


@given(st.uuids(), st.text(max_size=20))
def test_a_lot_is_the_same_whenever_it_is_drawn(person: UUID, salt: str) -> None:
    assert chance.lot(person, salt) == chance.lot(UUID(str(person)), salt)
    assert 0 <= chance.lot(person, salt) < 1


def test_the_shares_are_kept() -> None:
    ways = Split((Way("a", 3, END), Way("b", 1, END)))
    drawn = Counter(chance.way(person, "salt", ways).name for person in people(20_000))
    assert drawn["a"] / 20_000 == pytest.approx(0.75, abs=0.01)


def test_lots_of_other_salts_know_nothing_of_each_other() -> None:
    both = Counter((chance.lot(each, "one") < 0.5, chance.lot(each, "two") < 0.5) for each in people(20_000))
    assert all(count / 20_000 == pytest.approx(0.25, abs=0.012) for count in both.values())


def test_a_split_sends_each_person_one_way_and_keeps_it_in_mind() -> None:
    plan = parse(split())
    for person in people(50):
        advanced = first_due(plan, person)
        ((step, way),) = advanced.passed[:1]
        assert (step, advanced.state.outcomes["versuch"]) == ("versuch", way)
        assert advanced.state.step == ("mail" if way == "mit" else END)
        assert first_due(plan, person) == advanced


def test_the_next_version_of_a_journey_draws_the_same_lots() -> None:
    other = split()
    other["title"] = {"de": "Anders", "en": "Different"}
    before, after = parse(split()), parse(other)
    assert all(first_due(before, each).passed == first_due(after, each).passed for each in people(50))


def test_an_order_goes_both_ways_round_with_the_wait_between() -> None:
    plan = parse(ordered())
    seen = {first_due(plan, person).passed[0][1]: first_due(plan, person).state.step for person in people(50)}
    assert seen == {"brief": "reihe__1__brief", "besuch": "reihe__2__wait"}


def test_what_is_said_about_a_step_of_an_order_is_meant_for_both_ways() -> None:
    plan = parse(ordered())
    for person in people(20):
        state = _through(plan, first_due(plan, person), person)
        assert state.step == "listen"
        clicked = Fact("email.clicked", state.since + timedelta(hours=1), {}, UUID(int=5))
        assert advance(plan, state, clicked).state.outcomes["listen"] == "happened"


def _through(plan: Journey, advanced: Advance, person: UUID) -> State:
    """Every message is withheld, and every wait ends."""
    while advanced.state.step != "listen":
        at = advanced.state.due or NOW
        sent = Sent(UUID(int=5), at, ())
        event = Answer(at, allowed=False, sent=sent) if advanced.ask else Due(at)
        advanced = advance(plan, advanced.state, event, Traits(person=person))
    return advanced.state


@pytest.mark.parametrize(
    ("document", "place", "english"),
    [
        (story(reentry="never"), "reentry", "trigger.once_in_days says this already."),
        (
            story(goals=[{"name": "goal", "kind": "visit.held", "within_days": 3}]),
            "goals",
            "There is a 'goal' already.",
        ),
        (
            {**split(), "steps": {**split()["steps"], "versuch": {"split": SPLIT["split"][:1] * 2}}},
            "versuch split",
            "There is a 'mit' already.",
        ),
        (
            with_steps(
                pause={"split": [{"name": "a", "share": 1, "next": "x"}, {"name": "b", "share": 1, "next": "mail"}]}
            ),
            "pause split.0.next",
            "There is no step 'x'.",
        ),
        (story(reentry={"after_days": 0}), "reentry.after_days", "0 is not possible here."),
        (story(holdout_percent=100), "holdout_percent", "100 is not possible here."),
    ],
)
def test_a_wrong_experiment_is_refused_with_the_place(document: dict[str, Any], place: str, english: str) -> None:
    assert (place, english) in [(each.place, each.text.en) for each in check(document)]


def test_what_owes_somebody_something_holds_nobody_out() -> None:
    document = story(holdout_percent=90)
    document["steps"]["mail"]["message"]["purpose"] = "service"
    assert {chance.arm(person, parse(document), 50) for person in people(200)} == {""}
    assert {chance.arm(person, parse(story(holdout_percent=40)), 30) for person in people(200)} == {
        "",
        "holdout",
        "global",
    }
