from __future__ import annotations

from dataclasses import replace

from einklang.faces.studio.journeys import funnel
from einklang.faces.studio.journeys.tests.test_pages import NUMBERS
from einklang.loop.decide.journeys.document import parse
from einklang.loop.decide.journeys.ways import Ways
from einklang.loop.decide.tests.documents import story

PLAN = parse(story())


def test_the_funnel_goes_from_those_taken_in_over_what_reaches_people_to_the_goal() -> None:
    drawn = funnel.of(PLAN, NUMBERS, {})
    assert drawn is not None
    assert [(each.people, each.withheld) for each in drawn.stages] == [(1_284, 0), (1_064, 322), (1_008, 0), (214, 0)]
    assert drawn.stages[1].went_on == 742
    assert drawn.stages[-1].is_goal
    assert "1.284" in drawn.finding


def test_few_people_are_told_without_a_share_and_nobody_is_not_drawn() -> None:
    few = funnel.of(PLAN, replace(NUMBERS, places={("goal", "end"): 7}), {})
    assert few is not None
    assert {each.share for each in few.stages} == {""}
    assert funnel.of(PLAN, Ways(), {}) is None
