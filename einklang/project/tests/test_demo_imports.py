from __future__ import annotations

import pytest

from einklang.bridges.imports import batches
from einklang.core.connection import cursor
from einklang.facts.people.models import Organisation, Person
from einklang.project.demo import imports
from tests import cast


@pytest.mark.django_db
def test_the_demo_shows_imports_that_are_done_and_one_that_waits() -> None:
    cast.pack()
    imports.write(cursor(), cast.staff("data_steward").id, cast.NOW)
    by_kind = {each.kind: each for each in batches.listing(cursor())}
    waiting, done, shelves = (by_kind[kind] for kind in ("people", "organisations", "stock"))
    assert (shelves.state, shelves.counts["new"]) == ("done", 1)
    assert (done.state, done.counts["new"], done.counts["refused"], Organisation.objects.count()) == ("done", 23, 1, 23)
    assert (waiting.state, waiting.counts["new"], waiting.counts["refused"]) == ("checked", 76, 4)
    assert Person.objects.count() == 0
