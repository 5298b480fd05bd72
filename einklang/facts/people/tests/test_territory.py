from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.facts.people import territory
from einklang.facts.people.models import TerritoryRep
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.NOW


def test_a_rep_sees_the_persons_of_her_territory_only() -> None:
    cast.everybody()
    north, south = cast.petersen(), cast.adler()
    assert territory.persons(cursor(), north.id, NOW) == {cast.albrecht().id, cast.lorenz().id, cast.holtz().id}
    assert territory.persons(cursor(), south.id, NOW) == {cast.kern().id}
    assert territory.covers(cursor(), north.id, cast.albrecht().id, NOW)
    assert not territory.covers(cursor(), north.id, cast.kern().id, NOW)


def test_who_has_no_territory_sees_nobody() -> None:
    cast.everybody()
    assert territory.persons(cursor(), cast.auditor().id, NOW) == set()
    assert not territory.covers(cursor(), ids.new(), cast.albrecht().id, NOW)


def test_the_reps_of_many_persons_come_at_once() -> None:
    doctor, colleague = cast.albrecht(), cast.kern()
    north, south = cast.petersen(), cast.adler()
    found = territory.reps(cursor(), [doctor.id, colleague.id, ids.new()], NOW)
    assert found == {doctor.id: [north.id], colleague.id: [south.id]}


def test_a_rep_sees_nobody_before_she_starts_and_after_she_left() -> None:
    doctor, rep = cast.albrecht(), cast.petersen()
    TerritoryRep.objects.filter(user=rep).update(since=NOW, until=NOW + timedelta(days=1))
    assert not territory.covers(cursor(), rep.id, doctor.id, NOW - timedelta(seconds=1))
    assert territory.covers(cursor(), rep.id, doctor.id, NOW)
    assert not territory.covers(cursor(), rep.id, doctor.id, NOW + timedelta(days=1))
