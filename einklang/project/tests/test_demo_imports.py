from __future__ import annotations

import pytest

from einklang.bridges.imports import batches
from einklang.core.connection import cursor
from einklang.facts.people.models import Organisation, Person
from einklang.project.demo import imports
from tests import cast


@pytest.mark.django_db
def test_the_demo_shows_an_import_that_is_done_and_one_that_waits() -> None:
    imports.write(cursor(), cast.staff("data_steward").id, cast.NOW)
    waiting, done = batches.listing(cursor())
    assert (done.state, done.counts["new"], done.counts["refused"], Organisation.objects.count()) == ("done", 23, 1, 23)
    assert (waiting.state, waiting.counts["new"], waiting.counts["refused"]) == ("checked", 76, 4)
    assert Person.objects.count() == 0
