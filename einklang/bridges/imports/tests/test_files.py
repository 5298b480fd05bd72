from __future__ import annotations

import io
from datetime import datetime

import pytest

from einklang.bridges.imports import columns, fields, files, registry
from einklang.bridges.imports.files import Format
from einklang.bridges.imports.tests.sheets import sheet, workbook
from einklang.core import ids
from einklang.core.errors import InputError

ROWS = [["Kennung", "Name"], ["1", "Müller; Söhne"], ["2", 'genannt "Ä"\nzweite Zeile']]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_recognised_and_quotes_hold(encoding: str, delimiter: str) -> None:
    table = files.read("liste.csv", sheet(ROWS, delimiter=delimiter, encoding=encoding))
    assert table.columns == ROWS[0]
    assert list(table.rows) == [(2, ROWS[1]), (3, ROWS[2])]
    assert (table.format.encoding, table.format.delimiter) == (encoding, delimiter)


def test_a_workbook_is_read_as_a_person_would_have_typed_it() -> None:
    moments = datetime(2026, 5, 31), datetime(2026, 5, 31, 9, 30)  # noqa: DTZ001  Excel knows no zones
    cells = [246813950, 30159.0, *moments, True, None, "x"]
    table = files.read("liste.xlsx", workbook([list("abcdefg"), cells]))
    read = ["246813950", "30159", "2026-05-31", "2026-05-31 09:30:00", "ja", "", "x"]
    assert list(table.rows) == [(2, read)]


def test_blank_rows_are_left_out_and_the_others_keep_their_numbers() -> None:
    table = files.read("liste.csv", b"a;b\n;\n1;2\n\n3;4\n")
    assert [number for number, _ in table.rows] == [3, 5]


@pytest.mark.parametrize("form", [Format("csv", "utf-8-sig", ";"), Format("csv", "cp1252", ","), Format("xlsx")])
def test_what_is_written_is_read_again_and_no_cell_runs_as_a_formula(form: Format) -> None:
    rows = [["a", "b"], ["=1+1", "+49 511"], ["-5", "@x"]]
    out = io.BytesIO()
    files.write(form, rows, out)
    assert list(files.read(f"x.{form.kind}", out.getvalue()).rows) == [(2, rows[1]), (3, rows[2])]
    assert b'"=1' not in out.getvalue()
    assert b"\n=1" not in out.getvalue()


def test_rows_of_an_erased_person_are_emptied_where_they_stand() -> None:
    batch = ids.new()
    files.keep(batch, [(2, ["A-1", "Mira"]), (3, ["A-2", "Tarek"]), (4, ["A-3", "Ida"])])
    before = [line.after for line in files.lines(batch)]
    assert files.blank(batch, files.named({"a-2"})) == 1
    assert [line.cells for line in files.lines(batch)] == [["A-1", "Mira"], [], ["A-3", "Ida"]]
    assert [line.after for line in files.lines(batch)] == before


@pytest.mark.parametrize("column", ["Rx-Volumen Q3", "TRx", "Verordnungen Velunor", "Dezil", "Market Share"])
def test_DE_DP_19_prescriber_data_is_not_even_uploaded(column: str) -> None:
    with pytest.raises(InputError, match="DE-DP-19"):
        columns.check(["Kennung", column])


@pytest.mark.parametrize(
    ("kind", "named", "field"),
    [
        ("people", "PLZ", "postcode"),
        ("people", "Last Name", "family_name"),
        ("people", "Lebenslange Arztnummer", "lanr"),
        ("organisations", "Name", "organisation"),
        ("products", "Pharmazentralnummer", "pzn"),
        ("consents", "Double Opt-In", "confirmed_at"),
    ],
)
def test_columns_are_matched_by_their_german_and_english_names(kind: str, named: str, field: str) -> None:
    assert columns.suggest(registry.kind(kind), [named]) == {named: field}


@pytest.mark.parametrize("day", ["01.01.0001", "31.12.9999", "2026-13-01", "gestern"])
def test_a_day_outside_of_the_calendar_is_refused(day: str) -> None:
    with pytest.raises(InputError, match="kein Datum"):
        fields.moment("since", day)


def test_a_cell_without_end_is_told() -> None:
    table = files.read("liste.csv", b'a;b\n1;"' + b"x" * 200_000)
    with pytest.raises(InputError, match="Anführungszeichen"):
        list(table.rows)


def test_what_only_begins_as_utf_16_is_no_text() -> None:
    with pytest.raises(InputError, match="etwas anderes"):
        files.read("liste.csv", b"\xff\xfe\x00\xd8\x41")
