"""A mailing in the browser, from the draft to its stop, with the test mail in the mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.loop.channels.email.adapter import EmailAdapter
from einklang.loop.channels.email.tests.server import MailServer, mail_server
from einklang.loop.decide.mailings import run
from einklang.loop.gate import tasks
from tests import cast

REASON = "Der Betreff nennt das falsche Quartal."


@pytest.fixture
def sink() -> Iterator[MailServer]:
    """Named before `page`, whose event loop leaves no room for another one's start."""
    with mail_server() as running:
        yield running


@pytest.mark.browser
def test_drafted_counted_tried_scheduled_and_stopped(fresh_db: str, server: str, sink: MailServer, page: Page) -> None:
    cast.mail()
    for person in cast.everybody():
        cast.allow(person, "email", now=cast.NOW - timedelta(days=1))
    cast.staff("marketing", "Mara Lindner")
    page.goto(f"{server}/studio/mailings/")
    page.fill("[name=login]", "marketing@aurelia.example")
    page.fill("[name=password]", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Neue Aussendung").click()
    page.get_by_label("Name", exact=True).fill("Velunor im Herbst")
    page.get_by_label("Mail (freiwillig)").select_option(label="Vertiefung Herzinsuffizienz")
    expect(page.locator("[data-seen]")).to_contain_text("Dürfen wir schreiben")  # the count follows without saving
    page.get_by_role("button", name="Speichern und zählen").click()
    expect(page.get_by_label("Marke (freiwillig)")).to_have_value("velunor")

    page.get_by_role("button", name="Test senden").click()
    expect(page.get_by_text("Der Test ist unterwegs.")).to_be_visible()
    tasks.dispatch(clock.real_now(), {"email": EmailAdapter(target=lambda: sink.url)})
    (mail,) = sink.mails
    assert (mail["To"], str(mail["Subject"])[:6]) == ("Mara Lindner <marketing@aurelia.example>", "[Test]")

    page.get_by_label("Name", exact=True).fill("Velunor im Winter")
    page.get_by_role("button", name="Aussendung planen").click()  # with changes that nobody saved
    unsaved = page.locator("[data-unsaved]")
    expect(unsaved).to_be_focused()
    unsaved.get_by_role("button").click()
    expect(page.get_by_role("heading", name="Velunor im Winter")).to_be_visible()
    page.get_by_role("button", name="Aussendung planen").click()
    expect(page.get_by_text("Die Aussendung ist geplant.")).to_be_visible()
    run.advance(cursor(), clock.real_now() + timedelta(minutes=1))
    page.reload()
    expect(page.get_by_role("heading", name="Was daraus wurde")).to_be_visible()
    page.get_by_role("link", name="Beenden").click()
    page.get_by_label("Warum wird sie beendet?").fill(REASON)
    page.get_by_role("button", name="Aussendung beenden").click()
    while run.advance(cursor(), clock.real_now()):
        pass
    page.reload()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.locator(".mark", has_text=re.compile("^Beendet$"))).to_be_visible()
