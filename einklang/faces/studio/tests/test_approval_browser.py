"""An approval by keyboard only, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.content import read, sign
from einklang.services.approval import comments
from einklang.services.approval.tests import parts
from tests import cast

pytestmark = pytest.mark.browser
FAR = 60  # tab stops after which a thing counts as out of reach


@pytest.fixture(autouse=True)
def story_time() -> None:
    """The web process has the demo's clock."""


@pytest.fixture(autouse=True)
def own_connection(demo: None, fresh_db: str, page: Page) -> Iterator[None]:
    """Under playwright's event loop Django keeps a connection of its own, which would outlive the test's database."""
    yield
    connection.close()


@pytest.fixture
def version(demo: None, fresh_db: str) -> UUID:
    with transaction.atomic():
        clock.set_to(cursor(), cast.NOW)
        cast.medical_reviewer()
        return parts.submitted()


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what is called `name` has the focus, and sees that the focus shows."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(e => [e.getAttribute('aria-label') || e.labels?.[0]?.innerText || e.innerText || '',"
            " getComputedStyle(e).outlineStyle])(document.activeElement)"
        )
        if name.lower() in told[0].lower():
            assert told[1] != "none", f"{name} has no outline"
            return
    pytest.fail(f"the keyboard does not reach {name}")


def follow(page: Page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def opens(page: Page, name: str) -> None:
    """Follows a link and comes back to the review."""
    tab_to(page, name)
    follow(page)
    tab_to(page, "Zurück zur Prüfung")
    follow(page)


def test_a_reviewer_comments_opens_everything_and_signs_without_a_mouse(page: Page, server: str, version: UUID) -> None:
    page.goto(f"{server}/studio/tasks/")
    tab_to(page, "mail")
    page.keyboard.type(cast.medical_reviewer().email)
    tab_to(page, "Pass")
    page.keyboard.type(cast.PASSWORD)
    follow(page)
    page.wait_for_url(f"{server}/studio/tasks/")
    tab_to(page, "Velunor im Alltag")
    follow(page)
    tab_to(page, "Anmerken")
    page.keyboard.press("Enter")
    tab_to(page, "Anmerkung")
    page.keyboard.type("Bitte kürzer.")
    tab_to(page, "Anmerkung speichern")
    follow(page)
    expect(page.get_by_text("Bitte kürzer.")).to_be_visible()
    for name in ("Vergleich mit der Fassung davor", "Aussagen und Belege", "Aktuelle Fachinformation"):
        opens(page, name)
    tab_to(page, "Ich erkläre")
    page.keyboard.press("Space")
    tab_to(page, "Passwort oder Code")
    page.keyboard.type(cast.PASSWORD)
    tab_to(page, "Unterschreiben")
    follow(page)
    page.wait_for_url(f"{server}/studio/tasks/")
    expect(page.get_by_text("Unterschrieben.")).to_be_visible()
    content = read.versions(cursor(), [version])[version]
    (signature,) = sign.signatures(cursor(), [version])[version]
    assert (signature.role, signature.valid(content)) == ("medical_reviewer", True)
    assert comments.unresolved(cursor(), version) == 1
