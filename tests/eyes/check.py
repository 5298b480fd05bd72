"""`python -m tests.eyes.check`: looks at every page and tells each fault at once; by role and look."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.eyes import look, walk
from tests.eyes.__main__ import chromium

FACES = {
    "portal": ("anonymous", "hcp", "nurse"),
    "desk": ("rep",),
    "studio": tuple(role for role in walk.logins() if role not in {"hcp", "nurse", "rep"}),
}
TWICE_AS_LARGE = "--blink-settings=defaultFontSize=32"


def faults(url: str, roles: tuple[str, ...], *, every: bool) -> Iterator[look.Fault]:
    """Of every view that these roles find, as the first of them sees it; `every` in all looks instead of a cover."""
    with started() as browser:
        for number, (page, found) in enumerate(_of_roles(browser, url, roles)):
            with _listening(page) as said:
                page.goto(found.path)
                where = f"{found.role} {found.path}"
                yield from look.faults(page, where, look.EVERY_LOOK if every else look.covering(number))
                yield from (look.Fault(where, line) for line in said)


def faults_of_large_text(url: str, roles: tuple[str, ...]) -> Iterator[look.Fault]:
    with started(TWICE_AS_LARGE) as browser:
        for page, found in _of_roles(browser, url, roles):
            page.goto(found.path)
            yield from look.large(page, f"{found.role} {found.path}")


@contextmanager
def started(*arguments: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", *arguments])
        yield browser
        browser.close()


def _of_roles(browser: Browser, url: str, roles: tuple[str, ...]) -> Iterator[tuple[Page, walk.Found]]:
    seen: set[str] = set()
    for role in roles:
        context = _entered(browser, url, role)
        for found in walk.pages(context, role):
            if found.view not in seen:
                page = context.new_page()
                page.emulate_media(reduced_motion="reduce")
                yield page, found
                page.close()
            seen.add(found.view)
        context.close()


def _entered(browser: Browser, url: str, role: str) -> BrowserContext:
    return walk.enter(browser, url, None if role == "anonymous" else walk.logins()[role])


@contextmanager
def _listening(page: Page) -> Iterator[list[str]]:
    """What the browser complains about, the content security policy included."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if _is_fault(message) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said


def _is_fault(message: ConsoleMessage) -> bool:
    """That a page answers with a refusal is why it is looked at."""
    own = message.page is not None and message.location["url"] == message.page.url
    return message.type == "error" and not (own and message.text.startswith("Failed to load resource"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.eyes.check", description=__doc__)
    parser.add_argument("--url", required=True, help="a demo that runs already")
    parser.add_argument("--roles", nargs="*", default=[role for roles in FACES.values() for role in roles])
    parser.add_argument("--every", action="store_true", help="all themes in all sizes")
    parser.add_argument("--large", action="store_true", help="text of twice the size instead")
    asked = parser.parse_args()
    django.setup()
    roles = tuple(asked.roles)
    found = faults_of_large_text(asked.url, roles) if asked.large else faults(asked.url, roles, every=asked.every)
    for fault in found:
        sys.stdout.write(f"{fault}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
