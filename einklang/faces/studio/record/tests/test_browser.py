from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Page, expect

from einklang.core.connection import cursor
from einklang.faces.studio.conftest import asks_to_send
from einklang.faces.studio.models import SavedView
from einklang.loop.gate import verdicts
from tests import cast
from tests.eyes import sizes

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def let_go(fresh_db: str, page: Page) -> Iterator[None]:
    """Beside the browser's event loop Django opens a connection of its own, which nobody else closes."""
    yield
    connection.close()


def open_verdicts(server: str, page: Page) -> None:
    """Two refusals and a not-yet; the auditor has logged in and stands on the list."""
    cast.allow(cast.kern(), "email")
    for person in (cast.albrecht(), cast.kern(), cast.holtz()):
        asks_to_send(person)
    user = cast.auditor()
    address = reverse("studio:verdicts")
    page.goto(f"{server}/anmelden?next={address}")
    page.get_by_label("E\u2011Mail", exact=False).first.fill(user.email)
    page.locator("input[name=password]").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{server}{address}")


@sizes.devices("desktop")
def test_from_a_filter_to_a_detail_to_its_replay_by_keyboard_alone(
    fresh_db: str, server: str, page: Page, device: str
) -> None:
    sizes.hold(page, device)
    open_verdicts(server, page)
    page.locator("summary.chip", has_text="Antwort").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"antwort=no"))
    rows = page.locator("a[data-open]")
    expect(rows).to_have_count(2)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/verdicts/[0-9a-f-]{36}/\?antwort=no"))
    page.get_by_role("button", name="Nachrechnen").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nachgerechnet: gleiche Fakten, gleiches Urteil.")).to_be_visible()


def test_a_view_is_kept_opened_and_its_file_is_its_list(fresh_db: str, server: str, page: Page) -> None:
    open_verdicts(server, page)
    page.goto(f"{server}{reverse('studio:verdicts')}?antwort=no")
    page.locator("summary", has_text="Ansichten").click()
    page.get_by_label("Diese Filter behalten als").fill("Alle Nein")
    page.get_by_role("button", name="Ansicht speichern").click()
    expect(page.locator("[data-toast]")).to_contain_text("Ansicht „Alle Nein“ gespeichert.")
    page.goto(f"{server}{reverse('studio:verdicts')}")
    page.locator("summary", has_text="Ansichten").click()
    page.get_by_role("link", name="Alle Nein").click()
    expect(page.locator("a[data-open]")).to_have_count(2)
    with page.expect_download() as waited:
        page.get_by_role("link", name="CSV").click()
    told = waited.value.path().read_text("utf-8-sig").splitlines()[1:]
    listed = [str(each.id) for each in verdicts.listing(cursor(), answer="no")]
    assert [line.split(";")[-1] for line in told] == listed
    page.locator("summary", has_text="Alle Nein").click()
    page.get_by_role("button", name="Ansicht „Alle Nein“ entfernen").click()
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.locator("[data-toast]")).to_contain_text("gespeichert")
    assert SavedView.objects.get().name == "Alle Nein"
