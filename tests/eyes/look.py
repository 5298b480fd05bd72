"""What is wrong with a page in one look: theme, size, text size. Judged by axe-core and by measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.eyes.npm import package

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
THEMES = ("light", "dark", "glare")
WIDTHS = (320, 360, 768, 1280, 1920, 2560)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEIGHT = 900
SMALLEST_TARGET = 24
SETTLE_MILLISECONDS = 150  # charts follow a new width

SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("* { transition: none !important; animation: none !important }");
  document.adoptedStyleSheets = [still];
}"""
TOO_SMALL = """least => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")]
  .filter(each => each.checkVisibility() && !each.closest("p, li, td, dd, .vh") && !each.matches(".vh, .skip"))
  .map(each => [each, (each.closest("label") ?? each).getBoundingClientRect()])
  .filter(([_, box]) => box.width && (box.width < least || box.height < least))
  .map(([each, box]) => `${each.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@dataclass(frozen=True)
class Fault:
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def prepare(page: Page) -> None:
    page.evaluate((package("axe-core") / "axe.min.js").read_text())
    page.evaluate(STILL)  # axe would measure a colour on its way from one theme to the next


def faults(page: Page, where: str) -> Iterator[Fault]:
    """In all themes and sizes, without loading the page again."""
    prepare(page)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            for rule in axe(page):
                yield Fault(f"{where} {size} {theme}", rule)
    yield from measured(page, where)


def axe(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [f"{each['id']}: {_nodes(each['nodes'])}" for each in result["violations"]]


def measured(page: Page, where: str) -> Iterator[Fault]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        yield from overflow(page, f"{where} {width} px")
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    for each in page.evaluate(TOO_SMALL, SMALLEST_TARGET):
        yield Fault(where, f"target under {SMALLEST_TARGET} px: {each}")


def overflow(page: Page, where: str) -> Iterator[Fault]:
    if (over := page.evaluate(SIDEWAYS)) > 0:
        yield Fault(where, f"scrolls sideways by {over} px")


def picture(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True, animations="disabled")


def _nodes(nodes: list[dict[str, Any]]) -> str:
    first = nodes[0]
    return f"{len(nodes)} × {first['html'][:160]} ({first.get('failureSummary', '').splitlines()[-1].strip()[:160]})"
