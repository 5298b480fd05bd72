from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from einklang.bridges.imports import batches
from einklang.bridges.imports.tests.sheets import HEADER, doctor, imported, sheet, worked
from einklang.core.connection import cursor
from tests import cast


@pytest.mark.browser
def test_a_list_comes_in_from_upload_to_result(fresh_db: str, server: str, page: Page, tmp_path: Path) -> None:
    cast.staff("data_steward", "Sara Winkler")
    imported([HEADER, *(doctor(number) for number in range(3))])
    page.goto(f"{server}/studio/imports/")
    page.fill("input[name=login]", "data-steward@aurelia.example")
    page.fill("input[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/studio/imports/")
    page.get_by_role("link", name="Personen Ärztinnen").click()
    file = tmp_path / "adressliste-nord.csv"
    rows = [doctor(number, **({"Nachname": f"Neu{number}"} if number < 3 else {})) for number in range(40)]
    rows += [doctor(50, Beruf="Astronautin"), doctor(51, Nachname=""), doctor(52, **{"E-Mail": "ohne-at"})]
    file.write_bytes(sheet([HEADER, *rows]))
    page.set_input_files("input[type=file]", file)
    page.get_by_label("Name der Quelle").fill("CRM")
    page.get_by_label("Aus einer Liste von anderen").check()
    page.get_by_role("button", name="Hochladen").click()
    expect(page.get_by_role("heading", name="Welche Spalte ist was?")).to_be_visible()
    expect(page.get_by_label("Nachname", exact=True)).to_have_value("family_name")
    page.get_by_role("button", name="Probelauf beginnen").click()
    expect(page.locator("progress")).to_be_visible()
    batch = batches.listing(cursor())[0]
    worked(batch)
    expect(page.get_by_role("button", name="Zeilen übernehmen")).to_be_visible()  # the page followed by itself
    page.get_by_role("button", name="Zeilen übernehmen").click()
    worked(batch)
    expect(page.get_by_text("Was sich geändert hat")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Diese Zeilen als Datei").click()
    assert len(download.value.path().read_text(encoding="utf-8-sig").splitlines()) == 4
