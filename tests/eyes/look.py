"""What is wrong with a page in one look: theme, size, text size. Judged by axe-core and by measuring."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

from tests.eyes.npm import package

SIZES = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
THEMES = ("light", "dark", "glare")
WIDTHS = (320, 360, 768, 1280, 1920, 2560)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOUR = ["color-contrast", "link-in-text-block"]
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
CUT = (Path(__file__).parent / "cut.js").read_text()


class Look(NamedTuple):
    size: str
    theme: str

    @property
    def rules(self) -> dict[str, Any]:
        """Another theme changes colours and nothing else; what depends on the size is asked in the light one."""
        if self.theme == "light":
            return {"type": "tag", "values": TAGS}
        return {"type": "rule", "values": OF_COLOUR}


@dataclass(frozen=True)
class Fault:
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


EVERY_LOOK = tuple(Look(size, theme) for size, theme in itertools.product(SIZES, THEMES))


def covering(number: int) -> tuple[Look, ...]:
    """Of one page the looks that differ most; pages in turn share what is left out."""
    wide, narrow = ("desktop", "phone") if number % 2 else ("phone", "desktop")
    return Look("desktop", "light"), Look("phone", "light"), Look(wide, "dark"), Look(narrow, "glare")


def faults(page: Page, where: str, looks: tuple[Look, ...] = EVERY_LOOK) -> Iterator[Fault]:
    """Without loading the page again."""
    page.evaluate((package("axe-core") / "axe.min.js").read_text())
    page.evaluate(STILL)  # axe would measure a colour on its way from one theme to the next
    for look in looks:
        _resize(page, *SIZES[look.size])
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", look.theme)
        for rule in axe(page, look.rules):
            yield Fault(f"{where} {look.size} {look.theme}", rule)
    yield from measured(page, where)


def axe(page: Page, rules: dict[str, Any]) -> list[str]:
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate(f"axe.run(document, {json.dumps(options)})")
    return [f"{each['id']}: {_nodes(each['nodes'])}" for each in result["violations"]]


def measured(page: Page, where: str) -> Iterator[Fault]:
    for width in WIDTHS:
        _resize(page, width, HEIGHT)
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        yield from overflow(page, f"{where} {width} px")
    _resize(page, 1280, HEIGHT)
    for each in page.evaluate(TOO_SMALL, SMALLEST_TARGET):
        yield Fault(where, f"target under {SMALLEST_TARGET} px: {each}")


def large(page: Page, where: str) -> Iterator[Fault]:
    """With text of twice the size, which the browser was started with."""
    for width in (640, 1280):
        _resize(page, width, HEIGHT)
        page.wait_for_timeout(SETTLE_MILLISECONDS)
        yield from overflow(page, f"{where} {width} px, text 200 %")
        for each in page.evaluate(CUT):
            yield Fault(f"{where} {width} px, text 200 %", each)


def overflow(page: Page, where: str) -> Iterator[Fault]:
    if (over := page.evaluate(SIDEWAYS)) > 0:
        yield Fault(where, f"scrolls sideways by {over} px")


def picture(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True, animations="disabled")


def _resize(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})


def _nodes(nodes: list[dict[str, Any]]) -> str:
    first = nodes[0]
    return f"{len(nodes)} × {first['html'][:160]} ({first.get('failureSummary', '').splitlines()[-1].strip()[:160]})"
