"""Walks along the links that a role finds, one page per view: of three hundred persons one stands for all."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from einklang.project.demo import cast

ENTRANCES = {
    "anonymous": ("/anmelden", "/passwort", "/impressum", "/gibt-es-nicht"),
    "hcp": ("/", "/inhalt/titration-video", "/inhalt/embrace-hf-24", "/einwilligung", "/gibt-es-nicht"),
    "nurse": ("/", "/wissen", "/gibt-es-nicht"),
    "rep": ("/desk/", "/desk/gibt-es-nicht", "/studio/"),
}
OF_THE_COMPANY = ("/studio/", "/konto/")
NOT_PAGES = ("/abmeldung", "/static/", "/medien/", "/m/", "/demo/")
DOWNLOADS = (".pdf", ".csv", ".json", ".xlsx")
VARIANTS = 2  # addresses of one view that differ in their query: filters, tabs
HTML = "text/html"
DOWNLOAD = "Download is starting"


class Found(NamedTuple):
    role: str
    view: str  # URL name, with a number where a view is seen twice
    path: str


def logins() -> dict[str, str]:
    """Role → address; two professionals, since a nurse sees another portal than a doctor."""
    doctor, nurse = cast.STORY_DOCTOR.email, cast.DOCTORS[2].email
    staff = {each.role: each.email for each in reversed(cast.STAFF)}
    return {"hcp": doctor, "nurse": nurse, **staff}


def enter(browser: Browser, url: str, email: str | None, **look: object) -> BrowserContext:
    context = browser.new_context(base_url=url, **look)  # type: ignore[arg-type]
    if email is not None:
        page = context.new_page()
        page.goto("/anmelden")
        page.fill("[name=login]", email)
        page.fill("[name=password]", cast.PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda address: "/anmelden" not in address)
        page.close()
    return context


def pages(context: BrowserContext, role: str) -> list[Found]:
    """Breadth first from the entrances; the first addresses of each view."""
    page = context.new_page()
    entrances = ENTRANCES.get(role, OF_THE_COMPANY)
    waiting, found = deque(entrances), list[Found]()
    seen: dict[str, list[str]] = {}
    while waiting:
        path = waiting.popleft()
        before = seen.setdefault(view, []) if (view := _view(path)) else []
        if view is None or path in before or not (path in entrances or _new(path, before)):
            continue
        if not _is_page(_open(page, path), refused_too=path in entrances):
            continue
        before.append(path)
        if _view(page.url) != view:
            waiting.append(_address(page.url))  # sent elsewhere
            continue
        found.append(Found(role, view if len(before) == 1 else f"{view}-{len(before)}", path))
        waiting.extend(_links(page))
    page.close()
    return found


def _is_page(answer: Response | None, *, refused_too: bool) -> bool:
    if answer is None or HTML not in answer.headers.get("content-type", ""):
        return False
    return refused_too or answer.status < 400


def _open(page: Page, path: str) -> Response | None:
    """None for a file, which is no page."""
    try:
        return page.goto(path)
    except Error as error:
        if DOWNLOAD not in error.message:
            raise
        return None


def _view(path: str) -> str | None:
    parts = urlsplit(path)
    if parts.path.startswith(NOT_PAGES) or parts.path.endswith(DOWNLOADS) or "csv" in parts.query:
        return None
    try:
        return resolve(parts.path).view_name.replace(":", "-")
    except Resolver404:
        return "not-found"


def _new(path: str, before: list[str]) -> bool:
    """Another query of the same address is another look at it; another object is not."""
    if not before:
        return True
    same = [each for each in before if urlsplit(each).path == urlsplit(path).path]
    return path not in before and len(before) < VARIANTS and bool(same)


def _links(page: Page) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
    here = urlsplit(page.url)
    targets = [urljoin(page.url, href) for href in hrefs]
    return [_address(to) for to in targets if urlsplit(to).netloc == here.netloc]


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
