"""In a real browser: the script posts what the page hands it, and without consent nothing lies on the device."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from playwright.sync_api import Page, Request

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.facts.people.models import Person
from einklang.loop.interactions import log
from tests import cast

pytestmark = pytest.mark.browser

WHITELIST = {"sessionid", "csrftoken"}
ARTICLE = "/inhalt/herzinsuffizienz-praxis"


@pytest.fixture(autouse=True)
def story_time() -> None:
    """The web process has the demo's clock, not that of this process."""


@pytest.fixture
def doctor(demo: None, fresh_db: str) -> Person:
    with transaction.atomic():
        clock.set_to(cursor(), cast.NOW)
        person = cast.albrecht()
        cast.login_of(person)
        cast.article()
    return person


def log_in(page: Page, server: str, doctor: Person, target: str = ARTICLE) -> None:
    page.goto(server + target)
    page.fill("[name=login]", doctor.email)
    page.fill("[name=password]", cast.PASSWORD)
    page.click("main button.main")


def test_the_script_posts_the_event_of_its_page_with_key_and_token(doctor: Person, server: str, page: Page) -> None:
    log_in(page, server, doctor)
    with page.expect_response("**/v1/track") as tracked:
        page.click("button[name=tracking][value=accept]")
    handed: dict[str, Any] = json.loads(page.locator("script#event").inner_text())
    request = tracked.value.request
    assert request.post_data_json == handed["event"]
    assert request.headers["authorization"] == "Basic " + base64.b64encode(f"{handed['key']}:".encode()).decode()
    assert handed["event"]["context"]["token"] == handed["token"]
    assert tracked.value.status == 200
    (viewed,) = log.person_history(cursor(), [doctor.id], kinds=["content.viewed"], limit=10)
    assert viewed.source_id == handed["event"]["messageId"]


def test_DE_TRK_01_without_consent_nothing_is_stored_and_nobody_else_is_called(
    doctor: Person, server: str, page: Page
) -> None:
    asked: list[Request] = []
    refused: list[str] = []
    page.on("request", lambda request: asked.append(request))
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    log_in(page, server, doctor)
    page.click("button[name=tracking][value=reject]")
    page.wait_for_url("**" + ARTICLE)
    for path in ("/", "/wissen", "/einstellungen", "/arzneimittel", "/nebenwirkung", "/impressum", "/datenschutz"):
        page.goto(server + path)
    page.goto(server + "/einstellungen")
    page.get_by_role("button", name="Wunsch speichern").click()
    assert page.locator(".notices").count() == 1
    assert {cookie["name"] for cookie in page.context.cookies()} <= WHITELIST
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    assert {urlsplit(each.url).netloc for each in asked} == {urlsplit(server).netloc}
    assert not [each.url for each in asked if "/v1/" in each.url]
    assert refused == []


def test_the_theme_is_kept_by_the_server_not_by_the_device(doctor: Person, server: str, page: Page) -> None:
    page.goto(server + "/anmelden")
    page.click("[data-theme-form] button")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert {cookie["name"] for cookie in page.context.cookies()} <= WHITELIST


def pressed_to(page: Page, selector: str, most: int = 60) -> None:
    """Tab until the focus is there; a mouse is not used."""
    for _ in range(most):
        if page.locator(selector).first.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def unbroken(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [(390, 844), (1024, 768), (1440, 900)], ids=["phone", "tablet", "desktop"])
def test_login_consent_search_article_and_preferences_by_keyboard(
    doctor: Person, server: str, page: Page, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(server + "/")
    pressed_to(page, "[name=login]")
    page.keyboard.type(doctor.email)
    page.keyboard.press("Tab")
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/einwilligung**")
    pressed_to(page, "button[name=tracking][value=accept]")
    page.keyboard.press("Enter")
    page.wait_for_url(server + "/")
    unbroken(page)
    pressed_to(page, "#q")
    page.keyboard.type("herzinsuff")
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche?q=herzinsuff")
    unbroken(page)
    pressed_to(page, ".hits h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**" + ARTICLE)
    unbroken(page)
    pressed_to(page, "main .btns form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("button[name=undo]")
    page.goto(server + "/einstellungen")
    unbroken(page)
    pressed_to(page, "#id_until")
    pressed_to(page, "button[name=act][value=object]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notices")
    assert "Ihr Widerspruch gilt ab sofort." in page.inner_text(".notices")
