"""`make pictures`: the pictures of README and docs, taken anew from the demo."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NamedTuple

import django
from playwright.sync_api import Browser, sync_playwright

from tests.eyes.__main__ import chromium, free_port, speak
from tests.eyes.look import SIZES

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


class Picture(NamedTuple):
    name: str
    role: str
    view: str
    size: str
    locale: str = "en"
    row: str = ""  # of the view's table, which is opened


WANTED = (
    Picture("portal", "hcp", "portal-home", "desktop"),
    Picture("portal-article", "hcp", "portal-article", "desktop", "de"),
    Picture("portal-preferences", "hcp", "portal-preferences", "phone", "de"),
    Picture("portal-my-data", "hcp", "portal-mydata", "phone", "de"),
    Picture("desk", "rep", "desk-today", "tablet"),
    Picture("desk-person", "rep", "desk-person", "tablet"),
    Picture("desk-visit", "rep", "desk-visit", "tablet"),
    Picture("studio", "administrator", "studio-journeys", "desktop", row="An eye on the kidney"),
    Picture("studio-overview", "marketing", "studio-overview", "desktop"),
    Picture("studio-journeys", "marketing", "studio-journeys", "desktop"),
    Picture("studio-pressure", "marketing", "studio-pressure", "desktop"),
    Picture("studio-tasks", "legal_reviewer", "studio-tasks", "desktop"),
    Picture("studio-review", "legal_reviewer", "studio-review", "desktop"),
    Picture("studio-users", "administrator", "studio-users", "desktop"),
    Picture("studio-settings", "administrator", "studio-settings", "desktop"),
    Picture("studio-imports", "administrator", "studio-imports", "desktop"),
    Picture("studio-verdict", "auditor", "studio-verdict", "desktop"),
    Picture("studio-consents", "auditor", "studio-consents", "desktop"),
    Picture("studio-audit", "auditor", "studio-audit", "desktop"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make pictures", description=__doc__)
    parser.add_argument("--url", help="a demo that runs already")
    asked = parser.parse_args()
    django.setup()
    from tests.eyes import world

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        if asked.url:
            take(browser, asked.url)
            return
        with world.served(port=free_port()) as demo:
            take(browser, demo.url)


def take(browser: Browser, url: str) -> None:
    from tests.eyes import walk

    PICTURES.mkdir(parents=True, exist_ok=True)
    for role in dict.fromkeys(each.role for each in WANTED):
        context = walk.enter(browser, url, walk.logins()[role])
        places = {found.view: found.path for found in walk.pages(context, role)}
        page = context.new_page()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        for wanted in (each for each in WANTED if each.role == role):
            speak(context, url, wanted.locale)
            page.set_viewport_size({"width": SIZES[wanted.size][0], "height": SIZES[wanted.size][1]})
            page.goto(places[wanted.view])
            if wanted.row:
                page.locator("table").get_by_role("link", name=wanted.row).click()
                page.wait_for_load_state("load")
            page.screenshot(path=PICTURES / f"{wanted.name}.png", animations="disabled")
        context.close()


if __name__ == "__main__":
    main()
