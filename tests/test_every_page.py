"""Every page that a role finds by its links: axe-core in all themes and sizes, large text, content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.eyes import look, walk, world
from tests.eyes.__main__ import chromium, free_port

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.eyes]
FACES = {
    "portal": ("anonymous", "hcp", "nurse"),
    "desk": ("rep",),
    "studio": tuple(role for role in walk.logins() if role not in {"hcp", "nurse", "rep"}),
}
TWICE_AS_LARGE = "--blink-settings=defaultFontSize=32"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with world.served(port=free_port()) as demo:
        yield demo.url


@pytest.fixture(scope="module")
def walked(url: str) -> dict[str, list[walk.Found]]:
    """Face → its pages, each view once, as the first role that finds it."""
    with _chromium() as browser:
        return {face: list(_of_a_face(browser, url, roles)) for face, roles in FACES.items()}


@pytest.mark.parametrize("face", FACES)
def test_each_page_is_without_fault_in_every_theme_and_size(
    face: str, url: str, walked: dict[str, list[walk.Found]]
) -> None:
    with _chromium() as browser:
        faults = [str(fault) for page, found in _opened(browser, url, walked[face]) for fault in _faults(page, found)]
    assert walked[face]
    assert faults == []


@pytest.mark.parametrize("face", FACES)
def test_no_page_scrolls_sideways_with_text_of_twice_the_size(
    face: str, url: str, walked: dict[str, list[walk.Found]]
) -> None:
    with _chromium(TWICE_AS_LARGE) as browser:
        faults = [
            str(fault)
            for page, found in _opened(browser, url, walked[face])
            for fault in look.overflow(page, f"{found.role} {found.path}")
        ]
    assert faults == []


def _faults(page: Page, found: walk.Found) -> Iterator[look.Fault]:
    where = f"{found.role} {found.path}"
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(found.path)
    yield from look.faults(page, where)
    yield from (look.Fault(where, line) for line in said)


def _opened(browser: Browser, url: str, pages: list[walk.Found]) -> Iterator[tuple[Page, walk.Found]]:
    contexts: dict[str, BrowserContext] = {}
    for found in pages:
        if found.role not in contexts:
            contexts[found.role] = _entered(browser, url, found.role)
        page = contexts[found.role].new_page()
        page.emulate_media(reduced_motion="reduce")
        page.goto(found.path)
        yield page, found
        page.close()


def _of_a_face(browser: Browser, url: str, roles: tuple[str, ...]) -> Iterator[walk.Found]:
    seen: set[str] = set()
    for role in roles:
        pages = walk.pages(_entered(browser, url, role), role)
        yield from (found for found in pages if found.view not in seen)
        seen |= {found.view for found in pages}


def _entered(browser: Browser, url: str, role: str) -> BrowserContext:
    return walk.enter(browser, url, None if role == "anonymous" else walk.logins()[role])


@contextmanager
def _chromium(*arguments: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", *arguments])
        yield browser
        browser.close()
