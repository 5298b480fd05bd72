"""The demo's client: HTTP with cookies, no browser. It reads forms and data out of pages as a browser would."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx

TIMEOUT = 30.0
RECONNECT_AFTER = 0.2
SKIPPED_INPUTS = ("submit", "button", "image", "file", "reset")


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


class Forms(HTMLParser):
    """The forms of a page with what they would send untouched."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._control(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._open is not None
        name = given.get("name", "")
        if tag == "option" and self._select and ("selected" in given or self._select not in self._open.fields):
            self._open.fields[self._select] = [given.get("value", "")]
        if tag == "select":
            self._select = name
        if not name:
            return
        self._open.names.add(name)
        kind = given.get("type", "text")
        if tag == "textarea":
            self._open.fields.setdefault(name, [""])
        elif tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in given:
                self._open.fields.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input" and kind not in SKIPPED_INPUTS:
            self._open.fields.setdefault(name, []).append(given.get("value", ""))


class Scripts(HTMLParser):
    """The JSON that a page hands to its own script, by element id."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._name = (given.get("id") or "") if tag == "script" and given.get("type") == "application/json" else ""

    def handle_data(self, data: str) -> None:
        if self._name:
            self.found[self._name] = json.loads(data)
            self._name = ""


@dataclass
class Page:
    url: str
    status: int
    text: str
    data: bytes = b""

    def handed(self, name: str) -> Any:
        """The JSON of one `<script type="application/json">`; None where the page has none."""
        parser = Scripts()
        parser.feed(self.text)
        return parser.found.get(name)

    def form(self, *names: str) -> Form:
        """The first form that has all these fields."""
        parser = Forms()
        parser.feed(self.text)
        for form in parser.forms:
            if set(names) <= form.names:
                return form
        raise LookupError(f"{self.url} ({self.status}) has no form with {', '.join(names)}")


class Visitor:
    """Somebody with a browser's cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.http = httpx.Client(base_url=base, follow_redirects=True, timeout=TIMEOUT)

    def get(self, path: str) -> Page:
        return _page(self.http.get(path))

    def send(self, page: Page, form: Form, **changes: str | list[str] | None) -> Page:
        """As if the form were filled in with `changes` and sent; None takes a field away."""
        fields: dict[str, list[str]] = dict(form.fields)
        for name, value in changes.items():
            fields[name] = [] if value is None else [value] if isinstance(value, str) else value
        target = urljoin(page.url, form.action) if form.action else page.url
        answer = self.http.post(target, data=fields, headers={"Referer": page.url, "Origin": self.base})
        return _page(answer)

    def login(self, email: str, password: str, *, then: str) -> Page:
        page = self.get(f"/anmelden?next={then}")
        return self.send(page, page.form("login", "password"), login=email, password=password)

    def close(self) -> None:
        self.http.close()


def _page(answer: httpx.Response) -> Page:
    textual = answer.headers.get("content-type", "").startswith(("text/", "application/json", "application/problem"))
    return Page(str(answer.url), answer.status_code, answer.text if textual else "", answer.content)


class Stream:
    """A server-sent event stream, read by a thread of its own; where it breaks it comes back, as a browser's does."""

    def __init__(self, visitor: Visitor, path: str) -> None:
        self.events: list[dict[str, Any]] = []
        self._arrived = threading.Condition()
        self._closing = threading.Event()
        self._last = ""
        self._http = httpx.Client(base_url=visitor.base, timeout=httpx.Timeout(TIMEOUT, read=None))
        self._thread = threading.Thread(target=self._read, args=(path,), daemon=True)
        self._thread.start()

    def wait(self, wanted: Any, seconds: float) -> dict[str, Any] | None:
        """The first event for which `wanted` holds, or None after `seconds`."""
        with self._arrived:
            self._arrived.wait_for(lambda: any(wanted(event) for event in self.events), seconds)
            return next((event for event in self.events if wanted(event)), None)

    def close(self) -> None:
        self._closing.set()
        self._http.close()

    def _read(self, path: str) -> None:
        while not self._closing.is_set():
            with suppress(httpx.HTTPError, httpx.StreamError, RuntimeError):
                self._listen(path)
            self._closing.wait(RECONNECT_AFTER)

    def _listen(self, path: str) -> None:
        known = {"Last-Event-ID": self._last} if self._last else {}
        with self._http.stream("GET", path, headers=known) as answer:
            for line in answer.iter_lines():
                name, _, value = line.partition(":")
                if name == "id":
                    self._last = value.strip()
                elif name == "data":
                    self._add(value)

    def _add(self, data: str) -> None:
        with self._arrived:
            self.events.append(json.loads(data))
            self._arrived.notify_all()
