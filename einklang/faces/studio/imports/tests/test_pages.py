from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from einklang.bridges.imports import batches, registry
from einklang.bridges.imports.batches import Batch
from einklang.bridges.imports.tests.sheets import HEADER, checked, doctor, imported, sheet, started, upload, worked
from einklang.core.connection import cursor
from einklang.faces.studio.conftest import Enter
from einklang.facts.audit import trail
from einklang.facts.people import origin
from einklang.facts.people.models import Person
from einklang.facts.people.roles import ROLES

pytestmark = pytest.mark.django_db

STEWARDS = ("data_steward", "administrator")
ROWS = [HEADER, doctor(1), doctor(2, Nachname="")]


def send(client: Client, content: bytes, name: str = "liste.csv", kind: str = "people", **fields: str) -> object:
    given = {"source": "CRM", "origin": "own", **fields, "file": SimpleUploadedFile(name, content)}
    return client.post(reverse("studio:import-new", args=[kind]), given, follow=True)


def act(client: Client, name: str, batch: Batch, **fields: object) -> object:
    return client.post(reverse(f"studio:{name}", args=[batch.id]), {"version": batch.version, **fields}, follow=True)


@pytest.mark.parametrize("role", ROLES)
def test_only_data_stewards_and_administrators_import(role: str, enter: Enter) -> None:
    done = imported(ROWS)
    client = enter(role)
    pages = [
        reverse("studio:imports"),
        reverse("studio:import-new", args=["people"]),
        reverse("studio:import-sample", args=["people", "csv"]),
        *(reverse(f"studio:{name}", args=[done.id]) for name in ("import", "import-errors", "import-changes")),
    ]
    expected = {200} if role in STEWARDS else {403}
    assert {client.get(page).status_code for page in pages} == expected
    posts = [reverse(f"studio:import-{name}", args=[done.id]) for name in ("check", "control", "discard", "notice")]
    refused = {client.post(page).status_code == 403 for page in posts}
    assert refused == {role not in STEWARDS}


def test_who_may_become_a_rep_is_for_the_administrator_alone(enter: Enter) -> None:
    batch = upload(sheet([["E-Mail", "Name"], ["nora@firma.example", "Nora"]]), "reps")
    steward, administrator = enter("data_steward"), enter("administrator")
    for page in (reverse("studio:import-new", args=["reps"]), reverse("studio:import", args=[batch.id])):
        assert (steward.get(page).status_code, administrator.get(page).status_code) == (403, 200)
    assert "Außendienst" not in steward.get(reverse("studio:imports")).content.decode().split("Bisherige Importe")[0]


def test_the_whole_way_from_upload_to_error_file(enter: Enter) -> None:
    client = enter("data_steward")
    shown = send(client, sheet(ROWS))
    (batch,) = batches.listing(cursor())
    assert (batch.state, batch.rows, batch.mapping["Nachname"]) == ("uploaded", 2, "family_name")
    assert "Welche Spalte ist was?" in shown.content.decode()  # type: ignore[attr-defined]
    mapped = {f"column-{place}": batch.mapping.get(name, "") for place, name in enumerate(batch.columns)}
    act(client, "import-check", batch, **mapped)
    batch = worked(batch)
    page = client.get(reverse("studio:import", args=[batch.id])).content.decode()
    assert "Eine Zeile übernehmen" in page
    assert "Die Angabe fehlt." in page
    assert Person.objects.count() == 0
    act(client, "import-control", batch, act="start")
    batch = worked(batch)
    assert (batch.state, Person.objects.count()) == ("done", 1)
    told = client.get(reverse("studio:import-errors", args=[batch.id]))
    assert told["Content-Disposition"] == 'attachment; filename="fehler-liste.csv"'
    assert len(told.content.decode("utf-8-sig").splitlines()) == 2
    acts = [entry.act for entry in trail.listing(cursor(), limit=10)]
    assert acts == ["import.errors", "import.done", "import.start"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04 something", "liste.xlsx", "ist aber etwas anderes"),
        (b"\xd0\xcf\x11\xe0old", "liste.xls", "diese Art von Datei"),
        (b"a;b\n1;2", "liste.xlsx", "ist aber etwas anderes"),
        (b"", "liste.csv", "Die Datei ist leer"),
        (b"Name;Name\n1;2", "liste.csv", "kommt zweimal vor"),
        (b"Kennung;Verordnungen Velunor 2025\n1;2", "liste.csv", "DE-DP-19"),
        (b"\x89PNG\r\n\x1a\n\0\0", "liste.csv", "ist aber etwas anderes"),
    ],
)
def test_what_is_no_table_or_must_not_come_in_is_refused_and_the_rest_of_the_form_stays(
    content: bytes, name: str, said: str, enter: Enter
) -> None:
    answer = send(enter("data_steward"), content, name, source="Mein CRM")
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert said.lower() in page.lower()
    assert "Mein CRM" in page
    assert batches.listing(cursor()) == []


def test_without_origin_and_source_nothing_is_uploaded(enter: Enter) -> None:
    answer = send(enter("data_steward"), sheet(ROWS), source="", origin="")
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert "woher die Angaben stammen" in page
    assert batches.listing(cursor()) == []


def test_a_required_field_without_a_column_is_named_and_the_choice_stays(enter: Enter) -> None:
    client = enter("data_steward")
    batch = upload(sheet(ROWS))
    answer = client.post(reverse("studio:import-check", args=[batch.id]), {"version": 0, "column-0": "external_id"})
    assert answer.status_code == 422
    assert "Vorname: Ohne diese Angabe geht es nicht." in answer.content.decode()
    assert batches.get(cursor(), batch.id).state == "uploaded"


def test_the_matching_is_remembered_for_files_with_the_same_columns(enter: Enter) -> None:
    client = enter("data_steward")
    header = ["x1", "x2", "x3", "x4"]
    content = sheet([header, ["A-1", "Mira", "Muster", "Ärztin"]])
    batch = upload(content)
    chosen = ("external_id", "given_name", "family_name", "profession")
    act(client, "import-check", batch, **{f"column-{place}": name for place, name in enumerate(chosen)})
    assert dict(upload(content).mapping) == dict(zip(header, chosen, strict=True))


def test_who_starts_second_is_told_and_nothing_happens_twice(enter: Enter) -> None:
    client = enter("data_steward")
    batch = checked(upload(sheet(ROWS)))
    act(client, "import-control", batch, act="start")
    answer = act(client, "import-control", batch, act="start")
    assert "inzwischen geändert" in answer.content.decode()  # type: ignore[attr-defined]
    assert batches.get(cursor(), batch.id).state == "running"


def test_a_run_is_stopped_and_goes_on(enter: Enter) -> None:
    client = enter("data_steward")
    batch = started(checked(upload(sheet(ROWS))))
    act(client, "import-control", batch, act="stop")
    batch = batches.get(cursor(), batch.id)
    assert batch.state == "stopped"
    act(client, "import-control", batch, act="resume")
    assert worked(batch).state == "done"


def test_a_file_that_was_not_taken_is_discarded(enter: Enter) -> None:
    client = enter("data_steward")
    batch = checked(upload(sheet(ROWS)))
    act(client, "import-discard", batch)
    assert batches.listing(cursor()) == []
    done = imported(ROWS)
    act(client, "import-discard", done)
    assert batches.get(cursor(), done.id).state == "done"


def test_EU_DP_05_the_page_says_whom_to_tell_and_records_that_it_was_done(enter: Enter) -> None:
    client = enter("data_steward")
    done = imported([HEADER, doctor(1)], third_party=True)
    assert "woher wir sie kennen" in client.get(reverse("studio:import", args=[done.id])).content.decode()
    act(client, "import-notice", done)
    assert origin.owed(cursor(), [Person.objects.get().id]) == {}


@pytest.mark.parametrize("kind", registry.KINDS)
def test_the_sample_file_is_what_the_import_reads(kind: str, enter: Enter) -> None:
    client = enter("administrator")
    answer = client.get(reverse("studio:import-sample", args=[kind, "xlsx"]))
    header = next(load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert header == tuple(field.label.de for field in registry.kind(kind).fields)
