from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from einklang.core.clock import ZONE
from einklang.core.connection import cursor
from einklang.services.orders import catalogue, quota, terms
from einklang.services.orders.quota import Units
from einklang.services.orders.terms import Terms
from einklang.services.orders.tests.ordering import a_spring_and_an_autumn_sample
from tests import cast

LAW = Terms(
    max_units=2,
    window="rolling_12m",
    count_key="brand_family",
    label="Unverkäufliches Muster",
    years_after_expiry=1,
    years_after_record=5,
)
CALENDAR = Terms(
    max_units=2, window="calendar_year", count_key="", label="", years_after_expiry=1, years_after_record=5
)

moments = some.integers(0, 7 * 366 * 24).map(lambda hours: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours))
recent = some.lists(some.tuples(some.integers(0, 364), some.integers(1, 3)), min_size=2, max_size=5)
orders = some.lists(some.tuples(moments, some.integers(1, 2)), max_size=6).map(sorted)


def allowed(wishes: Units, law: Terms) -> Units:
    """Who asks in this order gets what still fits."""
    got: Units = []
    for at, quantity in wishes:
        if quota.used(got, law, at) + quantity <= law.max_units:
            got.append((at, quantity))
    return got


def a_year_on(at: datetime) -> datetime:
    return datetime.combine(terms.a_year_after(at.astimezone(ZONE).date()), datetime.min.time(), ZONE)


@given(orders)
def test_DE_SAM_03_no_twelve_months_hold_more_than_the_limit(wishes: Units) -> None:
    got = allowed(wishes, LAW)
    for start, _ in got:
        within = [quantity for at, quantity in got if start <= at < a_year_on(start)]
        assert sum(within) <= LAW.max_units


@given(orders)
def test_DE_SAM_03_the_rolling_window_keeps_every_calendar_year(wishes: Units) -> None:
    years: dict[int, int] = {}
    for at, quantity in allowed(wishes, LAW):
        year = at.astimezone(ZONE).year
        years[year] = years.get(year, 0) + quantity
    assert all(units <= LAW.max_units for units in years.values())


@given(recent, moments, some.sampled_from([LAW, CALENDAR]))
def test_DE_SAM_03_the_day_that_is_told_is_the_first_on_which_one_more_fits(
    days_ago: list[tuple[int, int]], now: datetime, law: Terms
) -> None:
    units = sorted((now - timedelta(days=days), quantity) for days, quantity in days_ago)
    counted = quota.counting(units, law, now)
    assume(quota.used(units, law, now) >= law.max_units)
    free = quota.next_free(counted, law)
    assert quota.used(units, law, noon(free)) < law.max_units
    assert quota.used(units, law, noon(free - timedelta(days=1))) >= law.max_units


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


def test_the_window_begins_on_the_same_day_for_a_leap_day() -> None:
    assert LAW.free_again(noon(date(2028, 2, 29))) == date(2029, 3, 1)
    assert LAW.window_start(noon(date(2028, 2, 29))) == date(2027, 3, 1)


@pytest.mark.django_db
def test_the_catalogue_tells_what_is_free_and_when_again() -> None:
    a_spring_and_an_autumn_sample()
    cast.linosan()
    found = {each.pack.slug: each for each in catalogue.supplies(cursor(), cast.albrecht().id, cast.NOW)}
    velunor, linosan = found["velunor-14"], found["linosan-14"]
    assert (velunor.used, velunor.limit, velunor.next_free) == (2, 2, date(2027, 3, 10))
    assert (linosan.used, linosan.next_free) == (0, None)


@pytest.mark.django_db
def test_the_numbers_of_the_law_come_from_the_rule_pack_in_force() -> None:
    assert terms.of("DE", cast.NOW) == LAW
