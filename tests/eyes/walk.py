"""Walks along the links that a role finds, one page per view: of three hundred persons one stands for all."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Error, Page, Response

from einklang.project.demo import cast

ENTRANCES = {"hcp": "/", "rep": "/desk/"}
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
    """Breadth first from the entrance; the first addresses of each view."""
    page = context.new_page()
    waiting = deque([ENTRANCES.get(role, "/studio/" if role not in {"nurse", "anonymous"} else "/")])
    seen: dict[str, list[str]] = {}
    found: list[Found] = []
    while waiting:
        path = waiting.popleft()
        if (view := _view(path)) is None or not _new(path, seen.setdefault(view, [])):
            continue
        answer = _open(page, path)
        if answer is None or HTML not in answer.headers.get("content-type", "") or answer.status >= 400:
            continue
        seen[view].append(path)
        if _view(page.url) != view:  # sent elsewhere, where its own links lead
            continue
        number = len(seen[view])
        found.append(Found(role, view if number == 1 else f"{view}-{number}", path))
        waiting.extend(_links(page))
    page.close()
    return found


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
        return None


def _new(path: str, before: list[str]) -> bool:
    """Another query of the same address is another look at it; another object is not."""
    if not before:
        return True
    same = [each for each in before if urlsplit(each).path == urlsplit(path).path]
    return path not in before and len(before) < VARIANTS and bool(same)


def _links(page: Page) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(each => each.getAttribute('href'))")
    here = urlsplit(page.url)
    targets = [urlsplit(urljoin(page.url, href)) for href in hrefs]
    return [f"{to.path}?{to.query}" if to.query else to.path for to in targets if to.netloc == here.netloc]
