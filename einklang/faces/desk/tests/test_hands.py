"""In a real browser: a visit with sample by keyboard alone, fingers on tablet and phone, a lost net, a lost session."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, expect

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import TUESDAY
from einklang.facts.people.models import Person
from einklang.loop.channels.visit import reports, todo
from einklang.services.orders import read as orders
from tests import cast
from tests.eyes import sizes

pytestmark = pytest.mark.browser
STOPS = 120
SMALL = """() => [...document.querySelectorAll("a, button, summary, select, input, textarea, label.pick")]
    .filter(each => each.checkVisibility() && !each.closest(".skip, p, .must, .fine, label.pick > *") &&
        !["hidden", "checkbox", "radio"].includes(each.type) && !each.matches(".skip"))
    .map(each => [each.outerHTML.slice(0, 90), each.getBoundingClientRect()])
    .filter(([, box]) => box.height < 44 || box.width < 44)
    .map(([html, box]) => `${html} ${box.width}×${box.height}`)"""


@pytest.fixture(autouse=True)
def story_time() -> None:
    """The web process has the demo's clock."""


@pytest.fixture
def doctor(demo: None, fresh_db: str) -> Person:
    with transaction.atomic():
        clock.set_to(cursor(), TUESDAY)
        person = cast.albrecht()
        cast.petersen()
        cast.article()
        cast.product_article()
        todo.add(
            cursor(), rep=cast.petersen().id, person=person.id, title="Dosistabelle", due=TUESDAY.date(),
            source="own:1", now=TUESDAY,
        )  # fmt: skip
    return person


@pytest.fixture(autouse=True)
def own_connection(demo: None, fresh_db: str, page: Page) -> Iterator[None]:
    """Under playwright's event loop Django keeps a connection of its own, which would outlive the test's database."""
    yield
    page.goto("about:blank")  # its stream ends
    connection.close()


def enter(page: Page, server: str, path: str) -> None:
    page.goto(server + path)
    page.fill("[name=login]", cast.petersen().email)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**" + path)


def reach(page: Page, selector: str) -> None:
    """By the tabulator, and with an outline that can be seen."""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", selector
            return
    raise AssertionError(f"The keyboard does not reach {selector}.")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    reach(page, selector)
    page.keyboard.press(key)


@sizes.devices("tablet")
def test_a_visit_with_sample_by_keyboard_alone(doctor: Person, server: str, page: Page, device: str) -> None:
    sizes.hold(page, device)
    enter(page, server, f"/desk/person/{doctor.id}/")
    press(page, ".go a.main")
    page.wait_for_url("**/besuch")
    velunor = cast.velunor().id
    press(page, f"[name=products][value='{velunor}']", "Space")
    press(page, f"[name=presented][value='{velunor}']", "Space")
    reach(page, "[name=step-0]")
    page.keyboard.type("Langzeitdaten schicken")
    page.evaluate("document.querySelector('[name=due-0]').value = '2026-12-01'")  # its parts are the browser's own
    press(page, "[name=safety]", "ArrowDown")
    expect(page.locator("[name=safety][value=no]")).to_be_checked()
    press(page, "main form.report button.main")
    page.wait_for_url("**/empfehlen")
    press(page, ".go a.main")
    page.wait_for_url("**/muster")
    press(page, "[name=pack]", "Space")
    press(page, "[name=own_request]", "Space")
    press(page, "main form button.main")
    expect(page.locator(".note-bar.ok")).to_contain_text("Die Anforderung ist angekommen.")
    assert len(orders.of_persons(cursor(), [doctor.id])) == 1
    (report,) = reports.listing(cursor(), person=doctor.id)
    assert report.next_steps == [{"text": "Langzeitdaten schicken", "due": "2026-12-01"}]


def test_every_target_is_large_enough_and_nothing_scrolls_sideways(doctor: Person, server: str, page: Page) -> None:
    enter(page, server, "/desk/")
    here = f"/desk/person/{doctor.id}/"
    places = ("", "verlauf", "einwilligung", "vereinbaren", "besuch", "anruf", "zeigen", "empfehlen", "muster")
    for path in ("/desk/", "/desk/kontakte", "/desk/post", "/desk/aufgabe", *(here + place for place in places)):
        page.goto(server + path)
        for width, height in ((320, 640), (390, 844), (768, 1024), (1024, 768)):
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(SMALL) == [], (path, width)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (path, width)


def test_an_act_without_net_waits_and_goes_out_later(doctor: Person, server: str, page: Page) -> None:
    enter(page, server, "/desk/")
    page.context.set_offline(True)
    page.click("button.tick")
    expect(page.locator("[data-sync]")).to_contain_text("1 warten")
    page.context.set_offline(False)
    expect(page.locator("[data-sync]")).to_be_hidden()
    page.reload()
    expect(page.locator("button.tick.done")).to_have_count(1)


def test_a_finished_task_is_opened_again_by_the_toast(doctor: Person, server: str, page: Page) -> None:
    enter(page, server, "/desk/")
    page.click("button.tick")
    expect(page.locator(".toast")).to_contain_text("Die Aufgabe ist erledigt.")
    page.click(".toast button")
    expect(page.locator("button.tick:not(.done)")).to_have_count(1)


def test_what_was_typed_survives_a_lost_session(doctor: Person, server: str, page: Page) -> None:
    path = f"/desk/person/{doctor.id}/besuch"
    enter(page, server, path)
    page.fill("[name=note]", "Fragt nach Langzeitdaten")
    expect(page.locator("[data-kept]")).to_contain_text(re.compile(r"Entwurf gespeichert, \d\d:\d\d"))
    page.context.clear_cookies()
    enter(page, server, path)
    expect(page.locator("[name=note]")).to_have_value("Fragt nach Langzeitdaten")
