from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.services.imports import batches, erasure, files
from einklang.services.imports.tests.sheets import HEADER, doctor, imported
from tests import cast

pytestmark = pytest.mark.django_db


def test_an_erased_person_leaves_neither_change_nor_row() -> None:
    imported([HEADER, doctor(1), doctor(2)])
    changed = imported([HEADER, doctor(1, Nachname="Neumann"), doctor(2)])
    person = Person.objects.get(family_name="Neumann")
    assert [each["result"] for each in erasure.export(cursor(), person.id)["imports"]] == ["new", "changed"]
    (outcome,) = erasure.erase(cursor(), person.id, cast.NOW)
    assert (outcome.result, outcome.count) == ("ERASED", 4)
    assert erasure.export(cursor(), person.id) == {"imports": []}
    kept = files.place(changed.id).read_text()
    assert "Neumann" not in kept
    assert "Muster2" in kept


def test_rows_are_kept_for_a_month_after_the_end() -> None:
    done = imported([HEADER, doctor(1)])
    assert batches.erase_old_files(cursor(), cast.NOW + timedelta(days=29)) == 0
    assert batches.erase_old_files(cursor(), cast.NOW + timedelta(days=31)) == 1
    assert not files.place(done.id).exists()
    assert batches.get(cursor(), done.id).file_erased_at
