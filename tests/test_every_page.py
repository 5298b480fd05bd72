"""Every page that a role finds by its links: axe-core in all themes and sizes, large text, content security policy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.eyes import look, walk, world
from tests.eyes.__main__ import free_port

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ROLES = ("anonymous", *walk.logins())


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with world.served(port=free_port()) as demo:
        yield demo.url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium is missing: `apt-get install chromium` needs rights that this user does not have."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.mark.parametrize("role", ROLES)
def test_each_page_of_a_role_is_without_fault_in_every_theme_and_size(role: str, url: str, browser: Browser) -> None:
    context = walk.enter(browser, url, None if role == "anonymous" else walk.logins()[role])
    found = walk.pages(context, role)
    assert found
    assert [str(fault) for each in found for fault in _faults(context, each)] == []


def _faults(context: BrowserContext, found: walk.Found) -> Iterator[look.Fault]:
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(found.path)
    yield from look.faults(page, f"{found.role} {found.path}")
    yield from (look.Fault(f"{found.role} {found.path}", line) for line in said)
    page.close()
