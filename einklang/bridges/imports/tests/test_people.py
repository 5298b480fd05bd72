from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from einklang.bridges.imports import batches, files, run
from einklang.bridges.imports.tests.sheets import (
    HEADER,
    checked,
    doctor,
    imported,
    sheet,
    started,
    upload,
    workbook,
    worked,
)
from einklang.core.connection import cursor
from einklang.facts.people import origin
from einklang.facts.people.models import Affiliation, Alias, Identifier, Organisation, Person
from tests import cast

pytestmark = pytest.mark.django_db

LANR = [*HEADER, "LANR"]


def test_people_come_in_with_practice_and_number() -> None:
    done = imported([LANR, [*doctor(1), "246813950"]])
    assert (done.state, dict(done.counts)["new"]) == ("done", 1)
    person = Person.objects.get()
    assert (person.display_name, person.profession, person.email) == ("Mira Muster1", "physician", "m1@praxis.example")
    assert person.organisation is not None
    assert (person.organisation.name, person.organisation.postcode) == ("Praxis 0", "30159")
    assert Affiliation.objects.get().person == person
    assert Identifier.objects.get().value == "246813950"
    assert Alias.objects.get(person=person).namespace == "import:CRM"
    assert person.sort_key == "muster1 mira"


def test_the_dry_run_writes_nothing_and_counts_the_same() -> None:
    rows = [HEADER, *(doctor(number) for number in range(5)), doctor(9, Nachname="")]
    check = checked(upload(sheet(rows)))
    assert Person.objects.count() == 0
    done = worked(started(check))
    assert dict(check.counts) == dict(done.counts) == {"new": 5, "refused": 1, "warned": 0}


def test_the_same_file_again_changes_nothing() -> None:
    rows = [LANR, *([*doctor(number), ""] for number in range(5))]
    imported(rows)
    again = imported(rows)
    assert dict(again.counts) == {"unchanged": 5, "warned": 0}
    assert (Person.objects.count(), Organisation.objects.count(), Affiliation.objects.count()) == (5, 2, 5)


def test_a_changed_cell_is_one_change_with_before_and_after_and_an_empty_one_changes_nothing() -> None:
    imported([HEADER, doctor(1)])
    done = imported([HEADER, doctor(1, **{"Nachname": "Neumann", "E-Mail": ""})])
    (change,) = batches.changes(cursor(), done.id)
    assert (change.result, change.before["family_name"], change.after["family_name"]) == (
        "changed",
        "Muster1",
        "Neumann",
    )
    person = Person.objects.get()
    assert (person.family_name, person.email) == ("Neumann", "m1@praxis.example")


def test_a_number_of_the_source_means_somebody_else_in_another_source() -> None:
    imported([HEADER, doctor(1)])
    imported([HEADER, doctor(1)], source="Adressliste")
    assert Person.objects.count() == 2


def test_the_lanr_joins_sources() -> None:
    imported([LANR, [*doctor(1), "246813950"]])
    done = imported([LANR, [*doctor(77, Nachname="Muster1"), "246813950"]], source="Adressliste")
    assert Person.objects.count() == 1
    assert dict(done.counts)["changed"] == 1
    assert Alias.objects.filter(person=Person.objects.get()).count() == 2


def test_numbers_of_two_people_in_one_row_are_refused() -> None:
    imported([LANR, [*doctor(1), "246813950"], [*doctor(2), ""]])
    done = imported([LANR, [*doctor(2), "246813950"]])
    (refusal,) = batches.refusals(cursor(), done.id)
    assert "zwei Personen" in refusal.rule.de


@pytest.mark.parametrize(
    ("cells", "field", "said"),
    [
        ({"Kennung": ""}, "external_id", "wiedererkennen"),
        ({"Nachname": ""}, "family_name", "fehlt"),
        ({"Beruf": "Astronautin"}, "profession", "kennen wir nicht"),
        ({"E-Mail": "ohne-at"}, "email", "keine E-Mail-Adresse"),
    ],
)
def test_a_broken_row_is_refused_with_field_rule_and_way_out(cells: dict[str, str], field: str, said: str) -> None:
    done = imported([HEADER, doctor(1, **cells), doctor(2)])
    (refusal,) = batches.refusals(cursor(), done.id)
    assert (refusal.row, refusal.field) == (2, field)
    assert said in refusal.rule.de
    assert refusal.way_out.de
    assert Person.objects.count() == 1


def test_what_a_file_says_twice_is_taken_once() -> None:
    done = imported([HEADER, doctor(1), doctor(2), doctor(1, Nachname="Anders")])
    (refusal,) = batches.refusals(cursor(), done.id)
    assert (refusal.row, refusal.rule.de) == (4, "Dasselbe steht schon in Zeile 2.")
    assert Person.objects.filter(family_name="Anders").count() == 0


def test_a_substitute_lanr_is_refused_and_a_doubtful_one_only_warned_about() -> None:
    done = imported([LANR, [*doctor(1), "999999900"], [*doctor(2), "246813850"]])
    assert [each.row for each in batches.refusals(cursor(), done.id)] == [2]
    assert [each.row for each in batches.refusals(cursor(), done.id, warnings=True)] == [3]
    assert Identifier.objects.get().value == "246813850"


def test_EU_DP_05_who_comes_from_a_bought_list_is_to_be_told_within_a_month() -> None:
    imported([HEADER, doctor(1)], third_party=True)
    person = Person.objects.get()
    assert origin.owed(cursor(), [person.id])[person.id].due == datetime(2026, 12, 19, 6, 42, tzinfo=UTC)
    assert origin.given(cursor(), [person.id], cast.NOW) == {person.id}
    assert origin.owed(cursor(), [person.id]) == {}


def test_who_gave_us_her_data_herself_is_owed_no_notice() -> None:
    imported([HEADER, doctor(1)])
    assert origin.counts(cursor(), cast.NOW) == (0, 0)


def test_EU_DP_08_who_was_erased_does_not_come_back() -> None:
    from einklang.facts.people import suppressed

    imported([LANR, [*doctor(1), "246813950"]])
    person = Person.objects.get()
    suppressed.remember(cursor(), person.id, cast.NOW)
    person.delete()
    done = imported([LANR, [*doctor(1), "246813950"], [*doctor(2), ""]])
    assert dict(done.counts)["erased"] == 1
    assert "EU-DP-08" in batches.refusals(cursor(), done.id)[0].rule.de
    assert Person.objects.count() == 1


def test_the_error_file_holds_the_refused_rows_as_they_came_and_why() -> None:
    rows = [HEADER, doctor(1), doctor(2, Beruf="Astronautin"), doctor(3)]
    done = worked(started(checked(upload(workbook(rows), name="liste.xlsx"))))
    out = io.BytesIO()
    files.write(batches.format_of(done), batches.errors(cursor(), done, "de"), out)
    told = list(load_workbook(out).worksheets[0].iter_rows(values_only=True))
    assert told[0] == (*HEADER, "Fehler")
    assert told[1][:9] == tuple(rows[2])
    assert str(told[1][9]).startswith("Beruf: Diese Angabe kennen wir nicht.")
    assert len(told) == 2


def test_the_error_file_corrected_goes_in_again() -> None:
    done = imported([HEADER, doctor(1, **{"E-Mail": "+49 511 1"})])
    out = io.BytesIO()
    files.write(batches.format_of(done), batches.errors(cursor(), done, "de"), out)
    mended = out.getvalue().decode("utf-8-sig").replace("'+49 511 1", "m1@praxis.example")
    assert dict(worked(started(checked(upload(mended.encode())))).counts)["new"] == 1


def test_where_the_database_refuses_a_row_the_import_ends_and_keeps_what_was_done() -> None:
    batch = started(checked(upload(sheet([HEADER, *(doctor(number) for number in range(4))]))))
    run.advance(cursor(), cast.NOW, limit=2)
    run.give_up(cursor(), cast.NOW)
    failed = batches.get(cursor(), batch.id)
    assert (failed.state, failed.position, Person.objects.count()) == ("failed", 2, 2)
