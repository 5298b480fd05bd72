"""An approval by keyboard only, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.audit import trail
from einklang.facts.content import read, sign
from einklang.services.approval import comments, evidence
from einklang.services.approval.tests import parts
from einklang.ui.tests.passkeys import virtual_key
from tests import cast
from tests.eyes import sizes

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


@sizes.devices("desktop")
def test_a_reviewer_comments_opens_everything_and_signs_without_a_mouse(
    page: Page, server: str, version: UUID, device: str
) -> None:
    sizes.hold(page, device)
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


def test_GXP_04_a_reviewer_signs_with_a_passkey_and_a_wrong_one_signs_nothing(
    page: Page, server: str, version: UUID
) -> None:
    reviewer = cast.medical_reviewer()
    virtual_key(page)
    page.goto(f"{server}/anmelden?next=/konto/passkey")
    page.fill("[name=login]", reviewer.email)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button.main")
    page.goto(f"{server}/konto/passkey")
    if page.locator("main [name=password]").count():
        page.fill("[name=password]", cast.PASSWORD)
        page.click("main button.main")
    page.click("[data-passkey] button.main")
    expect(page.locator(".codes li")).to_have_count(10)
    with transaction.atomic():
        for what in (evidence.DIFFERENCE, evidence.REFERENCES, evidence.SMPC):
            evidence.opened(cursor(), parts.content(version), what, reviewer.id, cast.NOW)
    page.goto(f"{server}/studio/content/{version}/review")
    page.check("[name=declaration]")
    page.evaluate("document.querySelector('[name=credential]').value = '{}'")
    page.click("[data-by-passkey]")
    expect(page.get_by_text("Dieser Passkey gehört nicht zu Ihrem Konto.")).to_be_visible()
    assert sign.signatures(cursor(), [version]) == {}
    page.check("[name=declaration]")
    page.click("[data-by-passkey]")
    page.wait_for_url(f"{server}/studio/tasks/")
    (signature,) = sign.signatures(cursor(), [version])[version]
    assert signature.valid(parts.content(version))
    (signed,) = trail.listing(cursor(), limit=3, object=f"content:{version}", act="content.sign")
    assert signed.old == "webauthn"
