from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest

from einklang.bridges.imports import batches, erasure, files, upkeep
from einklang.bridges.imports.tests.sheets import HEADER, doctor, imported
from einklang.core import clock, ids
from einklang.core.connection import cursor
from einklang.facts.people import suppressed
from einklang.facts.people.models import Person
from tests import cast

pytestmark = pytest.mark.django_db


def test_an_erased_person_leaves_neither_change_nor_row(django_capture_on_commit_callbacks: Any) -> None:
    imported([HEADER, doctor(1), doctor(2)])
    changed = imported([HEADER, doctor(1, Nachname="Neumann"), doctor(2)])
    person = Person.objects.get(family_name="Neumann")
    assert [each["result"] for each in erasure.export(cursor(), person.id)["imports"]] == ["new", "changed"]
    with django_capture_on_commit_callbacks(execute=True):
        (outcome,) = erasure.erase(cursor(), person.id, cast.NOW)
    assert (outcome.result, outcome.count) == ("ERASED", 2)
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


def test_who_was_erased_by_a_process_that_died_meanwhile_is_taken_out_of_the_files_later() -> None:
    done = imported([HEADER, doctor(1), doctor(2)])
    person = Person.objects.get(family_name="Muster1")
    suppressed.remember(cursor(), person.id, cast.NOW)
    assert upkeep.empty_again(cursor(), cast.NOW) == 1
    assert "Muster1" not in files.place(done.id).read_text()
    assert "Muster2" in files.place(done.id).read_text()
    assert upkeep.empty_again(cursor(), cast.NOW + timedelta(days=3)) == 0


def test_a_file_whose_upload_was_never_committed_goes_after_a_day() -> None:
    kept, orphan, fresh = imported([HEADER, doctor(1)]).id, ids.new(), ids.new()
    for batch in (orphan, fresh):
        files.keep(batch, [(2, ["Muster3"])])
    yesterday = clock.real_now().timestamp() - 90_000
    for batch in (kept, orphan):
        os.utime(files.place(batch), (yesterday, yesterday))
    upkeep.keep(cursor(), cast.NOW)
    assert [files.place(batch).exists() for batch in (kept, orphan, fresh)] == [True, False, True]
