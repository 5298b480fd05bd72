"""`make screens`: every page of every role to docs/screens/, in both languages, light and dark, on three devices."""

from __future__ import annotations

import argparse
import itertools
import shutil
import socket
import sys
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.eyes.look import SIZES, picture

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
LOCALES = ("de", "en")
SCHEMES = ("light", "dark")


def main() -> None:
    asked = _arguments()
    django.setup()
    from tests.eyes import world

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        if asked.url:
            shoot(browser, asked.url, asked)
            return
        with world.served(port=free_port()) as demo:
            shoot(browser, demo.url, asked)


def shoot(browser: Browser, url: str, asked: argparse.Namespace) -> None:
    from tests.eyes import walk

    people = {"anonymous": None, **walk.logins()}
    for role in asked.roles or people:
        context = walk.enter(browser, url, people[role])
        pages = walk.pages(context, role)
        sys.stderr.write(f"{role}: {len(pages)} pages\n")
        for locale, scheme in itertools.product(asked.locales, asked.schemes):
            speak(context, url, locale)
            page = context.new_page()
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for found, size in itertools.product(pages, asked.sizes):
                page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
                page.goto(found.path)
                page.wait_for_load_state("load")
                picture(page, asked.folder / f"{locale}-{scheme}-{size}" / f"{found.role}-{found.view}.png")
            page.close()
        context.close()


def speak(context: BrowserContext, url: str, locale: str) -> None:
    page = context.new_page()
    page.goto("/impressum")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form: dict[str, str | float | bool] = {"locale": locale, "next": "/impressum", "csrfmiddlewaretoken": token}
    context.request.post("/ui/language", form=form, headers={"Referer": url})
    page.close()


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found, "Chromium is missing: install the package chromium."
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screens", description=__doc__)
    parser.add_argument("--url", help="a demo that runs already")
    parser.add_argument("--folder", type=Path, default=SCREENS)
    parser.add_argument("--roles", nargs="*", help="only these")
    parser.add_argument("--locales", nargs="*", default=LOCALES)
    parser.add_argument("--schemes", nargs="*", default=SCHEMES)
    parser.add_argument("--sizes", nargs="*", default=tuple(SIZES))
    return parser.parse_args()


if __name__ == "__main__":
    main()
