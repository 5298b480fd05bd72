from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from einklang.loop.decide.journeys.document import END, parse
from einklang.loop.decide.journeys.step import (
    Answer,
    Ask,
    Due,
    Event,
    Fact,
    Propose,
    Sent,
    State,
    Traits,
    advance,
    ends,
    enter,
)
from einklang.loop.decide.tests.documents import story, with_steps

STORY = parse(story())
THURSDAY = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
SATURDAY = THURSDAY + timedelta(days=2)
NINE = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
MAIL = UUID("00000000-0000-7000-8000-000000000001")
DAY = timedelta(days=1)


def answered(allowed: bool = True, leaves: datetime = NINE, now: datetime = SATURDAY) -> State:
    """Where the doctor of the story stands after the gate's answer."""
    woken = advance(STORY, enter(STORY, THURSDAY), Due(SATURDAY))
    return advance(STORY, woken.state, Answer(now, allowed, Sent(MAIL, leaves, ("velunor-studie",)))).state


def click(at: datetime, message: UUID = MAIL) -> Fact:
    return Fact("email.clicked", at, {"content_slug": "velunor-studie"}, message)


def view(at: datetime, slug: str = "velunor-studie") -> Fact:
    return Fact("content.viewed", at, {"content_slug": slug, "topics": ["herzinsuffizienz"]})


def test_who_enters_waits_two_days() -> None:
    state = enter(STORY, THURSDAY)
    assert (state.step, state.due) == ("pause", SATURDAY)


def test_after_the_wait_the_gate_is_asked() -> None:
    advanced = advance(STORY, enter(STORY, THURSDAY), Due(SATURDAY))
    assert advanced.passed == (("pause", "waited"),)
    assert isinstance(advanced.ask, Ask)
    assert advanced.ask.message.content == "vertiefung-herzinsuffizienz"


def test_nobody_is_woken_before_the_time_so_a_clock_moved_back_wakes_nobody_twice() -> None:
    state = answered()
    for moment in (THURSDAY, SATURDAY, NINE, NINE + 3 * DAY - timedelta(seconds=1)):
        assert advance(STORY, state, Due(moment)).state == state


def test_the_clock_of_the_answer_starts_when_the_message_may_leave() -> None:
    assert answered(leaves=NINE).due == NINE + 3 * DAY


def test_a_withheld_message_goes_on_with_the_next_step() -> None:
    state = answered(allowed=False, leaves=SATURDAY)
    assert (state.step, state.due, state.outcomes["mail"]) == ("listen", SATURDAY + 3 * DAY, "withheld")


@pytest.mark.parametrize("fact", [click(NINE + DAY), view(NINE + DAY)])
def test_a_click_or_a_view_of_the_linked_item_ends_the_wait(fact: Fact) -> None:
    advanced = advance(STORY, answered(), fact)
    assert advanced.passed == (("listen", "happened"),)
    assert (advanced.state.step, advanced.state.due) == ("visit", fact.at)


@pytest.mark.parametrize(
    "fact",
    [
        click(NINE + 3 * DAY + timedelta(seconds=1)),
        click(NINE + DAY, message=UUID(int=2)),
        view(NINE + DAY, slug="something-else"),
        view(THURSDAY),
        Fact("email.opened", NINE + DAY, {}, MAIL),
    ],
    ids=["late", "other message", "other content", "before the mail", "other kind"],
)
def test_anything_else_does_not_end_the_wait(fact: Fact) -> None:
    state = answered()
    assert advance(STORY, state, fact).state == state


@pytest.mark.parametrize("happened", [True, False])
def test_the_visit_is_suggested_whatever_came_before(happened: bool) -> None:
    state = answered()
    if happened:
        state = advance(STORY, state, click(NINE + DAY)).state
    advanced = advance(STORY, state, Due(NINE + 3 * DAY))
    assert [each for each in advanced.actions if isinstance(each, Propose)]
    assert (advanced.state.step, advanced.state.due) == (END, None)


def test_a_visit_within_thirty_days_is_the_goal() -> None:
    held = [Fact("visit.held", THURSDAY + days * DAY, {"products": []}) for days in (-1, 5, 30, 31)]
    assert [ends(STORY, THURSDAY, each) for each in held] == [None, "goal", "goal", None]


def test_an_exit_condition_takes_the_person_out() -> None:
    where = {"properties": {"permission": "email", "state": "withdrawn"}}
    plan = parse(story(exit=[{"kind": "consent.changed", "where": where}]))
    changed = [
        Fact("consent.changed", THURSDAY, {"permission": "email", "state": to}) for to in ("withdrawn", "granted")
    ]
    assert [ends(plan, THURSDAY, each) for each in changed] == ["exited", None]


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (datetime(2026, 11, 19, 6, 42, tzinfo=UTC), datetime(2026, 11, 19, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), datetime(2026, 11, 20, 8, 0, tzinfo=UTC)),
        (datetime(2026, 3, 28, 12, 0, tzinfo=UTC), datetime(2026, 3, 29, 7, 0, tzinfo=UTC)),
    ],
    ids=["this morning", "now means tomorrow", "summer time begins"],
)
def test_a_wait_until_nine_means_nine_on_the_wall_in_berlin(since: datetime, due: datetime) -> None:
    plan = parse(with_steps(pause={"wait": {"until": "09:00"}, "next": "mail"}))
    assert enter(plan, since).due == due


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        ({"outcome": {"of": "mail", "is": "withheld"}}, "else"),
        ({"outcome": {"of": "mail", "is": "planned"}, "specialty": ["Kardiologie"]}, "then"),
        ({"profession": ["pharmacist"]}, "else"),
    ],
)
def test_a_branch_looks_at_outcomes_and_at_the_person(condition: dict[str, Any], taken: str) -> None:
    document = with_steps(branch={"branch": {"if": condition}, "then": "visit", "else": "end"})
    document["steps"]["listen"]["else"] = "branch"
    plan, doctor = parse(document), Traits("physician", "Kardiologie")
    advanced = advance(plan, answered(), Due(NINE + 3 * DAY), doctor)
    assert ("branch", taken) in advanced.passed


# Property: whatever happens in whatever order, a person gets a message of one step once


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A way of up to eight steps of any kind, each leading to any later one."""
    count = draw(st.integers(1, 8))
    names = [f"s{number}" for number in range(count)]
    onward = [draw(st.sampled_from([*names[place + 1 :], END])) for place in range(count)]
    steps = {name: draw(step_to(target)) for name, target in zip(names, onward, strict=True)}
    reached, name = {}, "s0"
    while name != END:
        reached[name] = steps[name]
        name = steps[name].get("next") or steps[name]["else"]
    return story(start="s0", steps=reached)


def step_to(target: str) -> st.SearchStrategy[dict[str, Any]]:
    spans = st.sampled_from(["PT1H", "P1D", "P3D"])
    heard = {"kinds": ["email.clicked", "content.viewed"]}
    return st.one_of(
        spans.map(lambda span: {"wait": {"for": span}, "next": target}),
        spans.map(lambda span: {"wait_for": {**heard, "at_most": span}, "then": target, "else": target}),
        st.just({"branch": {"if": {"profession": ["physician"]}}, "then": target, "else": target}),
        st.just({**story()["steps"]["mail"], "next": target}),
        st.just({**story()["steps"]["visit"], "next": target}),
    )


EVENTS: dict[str, Callable[[datetime, bool], Event]] = {
    "due": lambda at, _: Due(at),
    "click": lambda at, _: click(at),
    "view": lambda at, _: view(at),
    "answer": lambda at, allowed: answer(at, allowed),
}
happenings = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.integers(-50, 400)), max_size=40)


@given(documents(), happenings, st.booleans())
def test_never_two_messages_for_one_step(
    document: dict[str, Any], happened: list[tuple[str, int]], allowed: bool
) -> None:
    plan = parse(document)
    state, asked, proposed = enter(plan, THURSDAY), Counter[str](), Counter[str]()
    for what, hours in happened:
        at = THURSDAY + timedelta(hours=hours)
        advanced = advance(plan, state, EVENTS[what](at, allowed))
        while True:
            state = advanced.state
            proposed.update(each.step for each in advanced.actions if isinstance(each, Propose))
            if advanced.ask is None:
                break
            asked[advanced.ask.step] += 1
            advanced = advance(plan, state, answer(at, allowed))
        assert (state.due is None) == (state.step == END)
    assert set(asked.values()) | set(proposed.values()) <= {1}


def answer(at: datetime, allowed: bool) -> Answer:
    return Answer(at, allowed, Sent(UUID(int=int(at.timestamp())), at, ("velunor-studie",)))
