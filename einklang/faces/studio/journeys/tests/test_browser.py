"""Writing, publishing and pausing a journey as people do it, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from einklang.core.pg import Cursor, connect
from einklang.loop.decide.journeys import store
from einklang.loop.decide.tests.parts import published
from tests import cast

pytestmark = pytest.mark.browser

EMAIL = "marketing@aurelia.example"


@pytest.fixture
def journey(fresh_db: str) -> UUID:
    """Made before the browser starts: it brings an event loop, in which Django's connection is another one."""
    cast.staff("marketing")
    return published()


@pytest.fixture
def cur(fresh_db: str, journey: UUID) -> Iterator[Cursor]:
    with connect(fresh_db, autocommit=True) as connection:
        yield connection.cursor()


def enter(page: Page, server: str, address: str) -> None:
    page.goto(f"{server}/anmelden?next={address}")
    page.locator("input[type=email]").fill(EMAIL)
    page.locator("input[type=password]").fill(cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1.say")).to_be_visible()


def test_a_mistake_is_seen_while_typing_mended_and_published(
    journey: UUID, cur: Cursor, server: str, page: Page
) -> None:
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    enter(page, server, f"/studio/journeys/{journey}/")
    page.locator(".head .btn.main").click()
    text = page.locator("#text")
    right = text.input_value()
    text.fill(right.replace('"start": "pause"', '"start": "paus"').replace("P2D", "P4D"))
    problem = page.locator("[data-line]").first
    expect(problem).to_be_visible()
    expect(page.locator(".gutter .wrong")).not_to_have_count(0)
    problem.click()
    expect(text).to_be_focused()
    text.fill(right.replace("P2D", "P4D"))
    expect(page.locator("#checked .note-bar.ok")).to_be_visible()
    expect(page.locator("#checked .node .t", has_text=re.compile("^4"))).to_be_visible()
    page.locator("[name=act][value=publish]").click()
    expect(page.locator(".changes li")).to_have_count(1)
    page.locator(".head .btn.main").click()
    expect(page.locator("[data-toast]")).to_be_visible()
    assert [each.number for each in store.versions(cur, journey)] == [1, 2]
    assert errors == []


def test_what_was_typed_survives_leaving_the_page(journey: UUID, server: str, page: Page) -> None:
    enter(page, server, f"/studio/journeys/{journey}/")
    page.locator(".head .btn.main").click()
    text = page.locator("#text")
    typed = text.input_value().replace("P2D", "P6D")
    text.fill(typed)
    page.goto(f"{server}/studio/journeys/")
    page.go_back()
    page.reload()
    page.locator("[data-restore] button").click()
    expect(text).to_have_value(typed)


def test_a_pause_is_taken_back_by_its_toast(journey: UUID, cur: Cursor, server: str, page: Page) -> None:
    enter(page, server, f"/studio/journeys/{journey}/")
    page.locator("button[name=act][value=pause]").click()
    expect(page.locator(".note-bar.warn")).to_be_visible()
    assert store.listing(cur, journey)[0].state == "paused"
    page.locator("[data-toast] button").click()
    expect(page.locator("button[name=act][value=pause]")).to_be_visible()
    assert store.listing(cur, journey)[0].state == "active"


def test_the_steps_are_opened_by_keyboard(journey: UUID, server: str, page: Page) -> None:
    enter(page, server, f"/studio/journeys/{journey}/")
    page.locator("a.node").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/step/listen/"))
    expect(page.locator("a.node[aria-current]")).to_have_count(1)
