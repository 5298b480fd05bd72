"""What an experiment says, held to published and hand-made figures."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest
import tea_tasting as tt
from django.db import connection
from tea_tasting.aggr import Aggregates

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import enrolments, store
from einklang.loop.decide.journeys.enrolments import Enrolment, Reached
from einklang.loop.decide.journeys.step import Due, Traits, advance, enter
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import NOW, published
from einklang.planning import experiments

SPLIT = {"split": [{"name": "bisher", "share": 1, "next": "mail"}, {"name": "neu", "share": 1, "next": "visit"}]}


def sums(**groups: tuple[int, int]) -> dict[str, Aggregates]:
    """Variant to (people, goals met)."""
    return {name: _sums(people, met / people) for name, (people, met) in groups.items()}


def _sums(people: int, rate: float) -> Aggregates:
    spread = rate * (1 - rate) * people / (people - 1)
    return Aggregates(count_=people, mean_={"goal_0": rate}, var_={"goal_0": spread})


def test_the_figures_that_tea_tasting_publishes_come_out() -> None:
    """The example of its guide: 30.0 % against 35.6 % of 1,000 users, seed 42."""
    data = tt.make_users_data(rng=42, n_users=1000)
    met = pa.array([int(each > 0) for each in data["orders"].to_pylist()])
    table = pa.table({"variant": [str(each) for each in data["variant"].to_pylist()], "goal_0": met})
    said = experiments.analyse(experiments.read(ibis.memtable(table), ["goal_0"]), ["0", "1"], ["goal"])
    control, own = said["goals"][0]["groups"]
    assert control["reached"] / control["people"] == pytest.approx(0.300, abs=0.0005)
    assert own["reached"] / own["people"] == pytest.approx(0.356, abs=0.0005)
    assert own["p"] == pytest.approx(0.0693, abs=0.00005)


def test_an_interval_worked_by_hand_comes_out() -> None:
    """15 of 200 against 30 of 200: 7.5 points, ± 1.96 √(.075 × .925 / 200 + .15 × .85 / 200)."""
    said = experiments.analyse(sums(a=(200, 15), b=(200, 30)), ["a", "b"], ["goal"])
    assert said["goals"][0]["groups"][1]["difference"] == pytest.approx([0.0135066, 0.075, 0.1364934], abs=1e-6)


def test_the_interval_of_a_share_is_wilsons() -> None:
    """Newcombe 1998, table I: 81 of 263 and 1 of 29."""
    assert experiments.wilson(81, 263) == pytest.approx([0.2553, 0.3080, 0.3662], abs=5e-5)
    assert experiments.wilson(1, 29) == pytest.approx([0.0061, 0.0345, 0.1718], abs=5e-5)


def test_of_few_people_no_difference_is_told() -> None:
    said = experiments.analyse(sums(a=(29, 1), b=(200, 30)), ["a", "b"], ["goal"], [1, 1])
    assert "difference" not in said["goals"][0]["groups"][1]
    assert said["srm"] is None


@pytest.mark.parametrize(("people", "suspicious"), [((500, 520), False), ((500, 650), True)])
def test_chance_that_divides_too_unevenly_is_noticed(people: tuple[int, int], suspicious: bool) -> None:
    said = experiments.analyse(sums(a=(people[0], 50), b=(people[1], 50)), ["a", "b"], ["goal"], [1, 1])
    assert (said["srm"] < experiments.SUSPICIOUS) is suspicious


def test_where_nothing_differs_one_in_twenty_seems_to() -> None:
    random = Random(5)
    found = 0
    for _ in range(800):
        groups = {name: (2000, sum(random.random() < 0.2 for _ in range(2000))) for name in "ab"}
        said = experiments.analyse(sums(**groups), ["a", "b"], ["goal"])
        found += said["goals"][0]["groups"][1]["p"] < 0.05
    assert 0.03 <= found / 800 <= 0.07


def test_a_published_split_is_counted_by_person_and_variant(fresh_db: str) -> None:
    document = story(start="versuch", holdout_percent=50)
    document["steps"] = {name: step for name, step in document["steps"].items() if name != "pause"} | {"versuch": SPLIT}
    journey = published(document)
    cur = cursor()
    version = store.versions(cur, journey)[-1]
    plan = store.parsed(version.id, version.document)
    walked = [_walk(plan, journey, version.id, number) for number in range(80)]
    enrolments.insert(cur, walked)
    enrolments.reach(cur, [Reached(each.id, "goal", NOW) for each in walked[::4]])
    said = experiments.of_version(cur, version.id)
    counted = {each["step"]: each for each in said["experiments"]}
    drawn = [each.place.outcomes.get("versuch") for each in walked]
    assert counted["versuch"]["variants"] == [{"name": name, "people": drawn.count(name)} for name in ("bisher", "neu")]
    reached = [group["reached"] for group in counted["versuch"]["goals"][0]["groups"]]
    assert reached == [drawn[::4].count(name) for name in ("bisher", "neu")]
    assert [each["people"] for each in counted["holdout"]["variants"]] == [20, 60]
    assert connection.connection.info.transaction_status == 0


def _walk(plan: Any, journey: Any, version: Any, number: int) -> Enrolment:
    """Three of four are taken along and drawn, one is held out."""
    person = Person.objects.create(
        given_name="Nr.", family_name=f"Muster {number}", profession="physician", created_at=NOW
    )  # fmt: skip
    held = number % 4 == 1
    start = enter(plan, NOW)
    place = start if held else advance(plan, start, Due(NOW), Traits(person=person.id)).state
    return Enrolment(
        ids.new(), journey, version, person.id, "done", NOW - timedelta(hours=1), ids.new(), 0, NOW, place,
        "holdout" if held else "",
    )  # fmt: skip
