from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from einklang.core.connection import cursor
from einklang.core.errors import NotFound
from einklang.core.ids import new
from einklang.loop.channels.visit import reports
from einklang.loop.channels.visit.reports import Told
from tests import cast

pytestmark = pytest.mark.django_db

TUESDAY = cast.NOW + timedelta(days=5)


def planned() -> UUID:
    return reports.plan(cursor(), rep=cast.petersen().id, person=cast.albrecht().id, at=TUESDAY, now=cast.NOW)


def held() -> UUID:
    report = planned()
    told = Told(safety=False, products=[cast.velunor().id], content_slugs=["velunor-studie"], minutes=12, note="kurz")
    reports.hold(cursor(), report=report, told=told, verdict=new(), now=TUESDAY)
    return report


def test_planning_the_same_visit_twice_is_one_visit() -> None:
    assert planned() == planned()


def test_a_held_visit_tells_what_was_reported() -> None:
    report = reports.get(cursor(), held())
    assert (report.held_at, report.safety, report.minutes, report.note) == (TUESDAY, False, 12, "kurz")
    assert report.products == [cast.velunor().id]
    assert report.content_slugs == ["velunor-studie"]


@pytest.mark.parametrize("change", ["UPDATE visit_report SET note = 'anders'", "DELETE FROM visit_report"])
def test_a_held_visit_is_locked(change: str) -> None:
    held()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="locked"):
        cursor().execute(change)


def test_a_report_without_the_safety_answer_cannot_be_stored() -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        reports.hold(cursor(), report=planned(), told=Told(safety=None), verdict=new(), now=TUESDAY)


def test_visits_are_listed_in_the_order_of_time() -> None:
    later = reports.plan(
        cursor(), rep=cast.petersen().id, person=cast.lorenz().id, at=TUESDAY + timedelta(hours=2), now=cast.NOW
    )
    first = planned()
    mine = reports.listing(cursor(), rep=cast.petersen().id, since=TUESDAY, until=TUESDAY + timedelta(days=1))
    assert [report.id for report in mine] == [first, later]
    assert [report.id for report in reports.listing(cursor(), person=cast.lorenz().id)] == [later]
    assert reports.listing(cursor(), rep=cast.adler().id) == []


def test_an_unknown_visit_is_said_to_be_unknown() -> None:
    with pytest.raises(NotFound):
        reports.get(cursor(), new())
