"""Marketing and analysts see no names, and no count or difference of counts that stands for fewer than five people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from einklang.core.connection import cursor
from einklang.faces.studio import groups
from einklang.faces.studio.conftest import Enter, World
from einklang.faces.studio.record import pressure, verdict_numbers
from einklang.facts.people.models import Person
from einklang.loop.gate.survey import Week
from einklang.loop.interactions import log, make
from einklang.ui.components import Chart, Figure
from tests import cast

LIMIT = 4
CONTACTS = st.lists(st.integers(min_value=1, max_value=7), max_size=40)
SMALL = "unter 5"
PLAIN = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def counts(figures: list[Figure]) -> list[int]:
    return [int(each.value.replace(".", "")) for each in figures if each.value != SMALL]


def drawn(chart: Chart) -> list[float]:
    return [value for each in chart.series for value in each.values if value is not None]


@PLAIN
@given(contacts=CONTACTS, silent=st.integers(min_value=0, max_value=30))
def test_whatever_marketing_is_told_about_contact_pressure_comes_in_whole_fives(
    contacts: list[int], silent: int
) -> None:
    totals: Mapping[UUID, int] = {UUID(int=at): number for at, number in enumerate(contacts)}
    everybody = len(totals) + silent
    *people, mean = pressure._figures(totals, everybody, LIMIT, named=False)
    chart = pressure._distribution(totals, everybody, LIMIT, named=False)
    ways = pressure._ways({person: {"email": number} for person, number in totals.items()}, named=False)
    told = [*counts(people), *drawn(chart), *(bar.value for *_, bar in ways)]
    told += [int(re.findall(r"\d+", each.of)[0]) for each in people if SMALL not in each.of]
    told.append(int(re.findall(r"Mindestens (\d+) Personen", chart.finding)[0]))
    assert [number for number in told if number % groups.SMALLEST] == []
    assert mean.value == "–" or len(totals) >= groups.SMALLEST


@PLAIN
@given(answers=st.fixed_dictionaries({name: st.integers(0, 60) for name in ("yes", "no", "not_before")}))
def test_what_the_gate_answered_comes_in_whole_fives(answers: dict[str, int]) -> None:
    figures = verdict_numbers.figures(answers, named=False)
    totals = [int(each.of.rpartition(" ")[2]) for each in figures[1:]]
    week = Week(cast.NOW.date(), answers)
    chart = verdict_numbers.weekly([week, week], named=False)
    assert chart is not None
    assert [number for number in (*counts(figures), *totals, *drawn(chart)) if number % groups.SMALLEST] == []


@pytest.mark.parametrize(("named", "told"), [(True, ["0", "3", "7", "12"]), (False, ["0", SMALL, "5", "10"])])
def test_who_sees_names_sees_every_number(named: bool, told: list[str]) -> None:
    assert [groups.told(number, named=named) for number in (0, 3, 7, 12)] == told


def test_the_page_does_not_say_how_many_have_reached_the_limit_by_saying_how_many_have_not(
    enter: Enter, world: World
) -> None:
    people = Person.objects.bulk_create(
        Person(given_name=f"Person {n}", family_name="Test", profession="physician", created_at=cast.NOW)
        for n in range(12)
    )
    calls = [
        make.interaction(
            "call.held",
            now=cast.NOW - timedelta(days=day + 1),
            source="test",
            source_id=f"{person.id}-{day}",
            person=person.id,
            purpose="promotional",
            properties={"products": []},
        )
        for person, number in zip(people, (4, 4, 4, *[1] * 9), strict=True)
        for day in range(number)
    ]
    log.record(cursor(), calls)
    for name in ("pressure", "overview"):
        page = enter("marketing").get(reverse(f"studio:{name}")).content.decode()
        assert "Mindestens 10 Personen sind unter dem Limit von 4." in page
        assert "auf volle Fünfer abgerundet" in page
    page = enter("data_steward").get(reverse("studio:pressure")).content.decode()
    assert "10 von 13 Personen sind unter dem Limit von 4." in page
