"""Who only asks what an erasure would do loses nothing; who is erased is gone from the files as well."""

from __future__ import annotations

from typing import Any

import pytest

from einklang.bridges.imports import files
from einklang.bridges.imports.tests.sheets import HEADER, doctor, imported
from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.services.privacy import rights
from tests import cast


@pytest.mark.django_db
def test_a_rehearsal_leaves_the_files_as_they_are(django_capture_on_commit_callbacks: Any) -> None:
    kept = files.place(imported([HEADER, doctor(1), doctor(2)]).id)
    before, person = kept.read_bytes(), Person.objects.get(family_name="Muster1").id
    with django_capture_on_commit_callbacks(execute=True):
        rehearsed = rights.rehearse(cursor(), person=person, now=cast.NOW)
    assert kept.read_bytes() == before
    with django_capture_on_commit_callbacks(execute=True):
        assert rights.erase(cursor(), person=person, by=None, now=cast.NOW) == rehearsed
    assert b"Muster1" not in kept.read_bytes()
    assert b"Muster2" in kept.read_bytes()
