"""In a real browser: the open page changes by itself, and a finger signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import connection, transaction
from playwright.sync_api import Page, TimeoutError, expect

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.faces.desk.tests.conftest import happens, reads
from einklang.facts.people.models import Person
from einklang.loop.decide.journeys import store, triggers, wake
from einklang.loop.decide.tests.documents import story
from einklang.loop.interactions import consumers
from einklang.loop.profiles.consumer import CONSUMER as PROFILES
from einklang.services.orders import read as orders
from tests import cast

pytestmark = pytest.mark.browser
SOON = 20_000  # milliseconds


@pytest.fixture(autouse=True)
def story_time() -> None:
    """The web process has the demo's clock."""


TOLD = """
window.told = [];
window.EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", (event) => told.push(JSON.parse(event.data).person));
  }
};
"""


@pytest.fixture
def doctor(demo: None, fresh_db: str) -> Person:
    with transaction.atomic():
        clock.set_to(cursor(), cast.NOW)
        person = cast.albrecht()
        cast.petersen()
        cast.article()
        cast.product_article()
        cast.mail()
        cast.allow(person, "tracking", "rep_visibility", grade="title")
        document = story(start="visit", steps={"visit": story()["steps"]["visit"]})
        store.publish(cursor(), document, cast.administrator().id, cast.NOW)
    return person


@pytest.fixture(autouse=True)
def own_connection(demo: None, fresh_db: str, page: Page) -> Iterator[None]:
    """Under playwright's event loop Django keeps a connection of its own, which would outlive the test's database."""
    yield
    connection.close()


def turn() -> None:
    """What the worker does: profiles, journeys, timers."""
    for act in (_consume(PROFILES), _consume(triggers.CONSUMER), lambda: wake.advance(cursor(), clock.now(cursor()))):
        with transaction.atomic():
            act()


def _consume(consumer: consumers.Consumer) -> Callable[[], object]:
    return lambda: consumers.advance(cursor(), consumer, clock.now(cursor()))


def stream_tells_of(page: Page, person: Person) -> None:
    """Happens again until the page was told: a stream that is just opening tells of what comes from then on."""
    for _ in range(40):
        with transaction.atomic():
            happens("visit.held", person, clock.now(cursor()), products=[])
        turn()
        with suppress(TimeoutError):
            page.wait_for_function("person => told.includes(person)", arg=str(person.id), timeout=500)
            return
    pytest.fail("the stream tells nothing")


def open_desk(page: Page, server: str, path: str) -> None:
    page.goto(server + path)
    page.fill("[name=login]", cast.petersen().email)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button.main")
    page.wait_for_url("**" + path)


def test_the_open_page_changes_when_she_reads_and_the_journey_suggests(doctor: Person, server: str, page: Page) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    turn()
    page.add_init_script(TOLD)
    open_desk(page, server, f"/desk/person/{doctor.id}/")
    expect(page.locator("#next")).to_have_text("Einen Besuch vereinbaren.")
    page.evaluate("window.stayed = true")
    stream_tells_of(page, cast.lorenz())
    with transaction.atomic():
        reads(doctor, clock.now(cursor()))
    for _ in range(3):
        turn()
    expect(page.locator("#next")).to_have_text("Die Studie besprechen.", timeout=SOON)
    expect(page.locator(".story")).to_contain_text("Was sich für die Praxis ändert", timeout=SOON)
    assert page.evaluate("window.stayed") is True
    assert refused == []
    points = [int(text.strip("+")) for text in page.locator(".reasons .num").all_inner_texts()]
    assert str(sum(points)) == page.locator(".score b").inner_text()


def test_a_page_of_somebody_else_stays_as_it_is(doctor: Person, server: str, page: Page) -> None:
    turn()
    page.add_init_script(TOLD)
    open_desk(page, server, f"/desk/person/{doctor.id}/")
    part = str(page.locator("[data-live]").get_attribute("data-live"))
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url) if request.url.endswith(part) else None)
    stream_tells_of(page, cast.lorenz())
    page.wait_for_timeout(500)  # longer than the page waits before it fetches
    assert fetched == []
    with page.expect_request("**" + part):
        stream_tells_of(page, doctor)


def test_a_signature_is_drawn_and_sent(doctor: Person, server: str, page: Page) -> None:
    open_desk(page, server, f"/desk/person/{doctor.id}/muster")
    page.check("[name=pack]")
    page.check("[name=own_request]")
    pad = page.locator("[data-sign]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 30 + 20 * step, box["y"] + 60 + (15 if step % 2 else -15))
    page.mouse.up()
    assert page.locator("[name=signature]").input_value().startswith("M")
    page.click("main button.main:has-text('Muster anfordern')")
    expect(page.locator(".note-bar.ok")).to_contain_text("Die Anforderung ist angekommen.")
    (order,) = orders.of_persons(cursor(), [doctor.id])
    assert order.signed_name == doctor.display_name
