"""The unmodified browser libraries of Segment, RudderStack and Jitsu in Chromium, on a page of another origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from einklang.core import clock, tokens
from einklang.core.pg import Cursor, connect
from einklang.faces.api.tests.serving import served
from einklang.facts.people.models import Person
from einklang.loop.interactions import keys, log
from einklang.loop.interactions.types import Entry
from tests import cast
from tests.eyes import npm

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PROPERTIES = {"content_slug": "leitlinie", "topics": ["herzinsuffizienz"], "title": "Leitlinie"}
CALLS = [
    "content.viewed", "custom.alias", "custom.group", "custom.identify", "custom.page", "custom.video-played",
    "person.identified",
]  # fmt: skip
WITHOUT = {"jitsu": ("custom.alias",)}  # its client has no such call
TRIES = 100
SCRIPTS = {
    "segment": ("@segment/analytics-next", "dist/umd/index.js"),
    "rudder": ("@rudderstack/analytics-js", "dist/npm/modern/bundled/umd/index.js"),
    "jitsu": ("@jitsu/js", "dist/jitsu.es.js"),
}
SPEAK = {
    "segment": """async ({host, key, properties, context}) => {
        const [analytics] = await AnalyticsNext.AnalyticsBrowser.load({writeKey: key, cdnURL: host});
        await analytics.identify("user-1", {email: "somebody@example.com"}, {context});
        await analytics.track("content.viewed", properties, {context});
        await analytics.track("Video Played", {number: 1}, {context});
        await analytics.page("Docs", "Home", {}, {context});
        await analytics.group("group-1", {}, {context});
        await analytics.alias("user-1", analytics.user().anonymousId(), {context});
    }""",
    "rudder": """async ({host, key, properties, context}) => {
        const analytics = new rudderanalytics.RudderAnalytics();
        analytics.load(key, host, {configUrl: host});
        analytics.identify("user-1", {email: "somebody@example.com"}, {context});
        analytics.track("content.viewed", properties, {context});
        analytics.track("Video Played", {number: 1}, {context});
        analytics.page("Docs", "Home", {}, {context});
        analytics.group("group-1", {}, {context});
        analytics.alias("user-1", analytics.getAnonymousId(), {context});
    }""",
    "jitsu": """async ({host, key, script, properties, context}) => {
        const {jitsuAnalytics} = await import(script);
        const analytics = jitsuAnalytics({host, writeKey: key});
        await analytics.identify("user-1", {email: "somebody@example.com"}, {context});
        await analytics.track("content.viewed", {...properties, context});
        await analytics.track("Video Played", {number: 1, context});
        await analytics.page({context});
        await analytics.group("group-1", {context});
    }""",
}


@dataclass
class Site:
    """A page that uses the library, the intake elsewhere, and what the browser was asked to fetch."""

    page: Page
    origin: str
    address: str
    key: str
    cur: Cursor
    asked: list[str]

    def speak(self, client: str, context: dict[str, str]) -> None:
        package, script = SCRIPTS[client]
        source = npm.package(package) / script
        self.page.goto(self.origin)
        if client != "jitsu":
            self.page.add_script_tag(path=source)
        given = {
            "host": self.address,
            "key": keys.for_jitsu(self.key) if client == "jitsu" else self.key,
            "script": f"/{source.relative_to(npm.ROOT)}",
            "properties": PROPERTIES,
            "context": context,
        }
        self.page.evaluate(SPEAK[client], given)

    def until(self, found: Callable[[], bool]) -> None:
        """The library sends when it likes."""
        for _ in range(TRIES):
            if found():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"kept {[each.kind for each in self.kept()]}, refused {self.refused()}")

    def refused(self) -> dict[str, int]:
        return dict(self.cur.execute("SELECT kind, number FROM api_refused").fetchall())

    def kept(self) -> list[Entry]:
        return log.read(self.cur, after=0, limit=100)


class Shop(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        file = npm.ROOT / self.path.lstrip("/")
        body, kind = (file.read_bytes(), "text/javascript") if file.is_file() else (b"<title>Shop</title>", "text/html")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(fresh_db: str, page: Page) -> Iterator[Site]:
    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=shop.serve_forever).start()
    origin = f"http://127.0.0.1:{shop.server_port}"
    with connect(fresh_db, autocommit=True) as db, served(fresh_db) as server:
        key = keys.create(db.cursor(), "shop", server=False, origins=[origin], now=cast.NOW)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        yield Site(page, origin, server.address, key, db.cursor(), asked)
        page.close()
    shop.shutdown()
    shop.server_close()


@pytest.mark.parametrize("client", SPEAK)
def test_what_a_doctor_does_on_another_page_is_hers_by_the_portals_token(site: Site, client: str) -> None:
    doctor = cast.albrecht()
    cast.allow(doctor, "tracking")
    calls = [call for call in CALLS if call not in WITHOUT.get(client, ())]
    site.speak(client, {"token": token_of(doctor)})
    site.until(lambda: len(site.kept()) >= len(calls))
    entries = site.kept()
    assert sorted(entry.kind for entry in entries) == calls
    assert {entry.person for entry in entries} == {doctor.id}
    assert len({entry.anonymous for entry in entries}) == 1
    told = {entry.kind: entry.properties for entry in entries}
    assert told["content.viewed"] == PROPERTIES
    assert told["custom.video-played"] == {"number": 1, "event": "Video Played"}
    assert "somebody@example.com" not in str(told), "traits are no interaction"
    assert {urlsplit(url).netloc for url in site.asked} == {urlsplit(site.origin).netloc, urlsplit(site.address).netloc}


@pytest.mark.parametrize("client", SPEAK)
def test_DE_TRK_01_without_consent_nothing_of_it_is_kept(site: Site, client: str) -> None:
    doctor = cast.albrecht()
    site.speak(client, {"token": token_of(doctor)})
    site.until(lambda: site.refused().get("content.viewed") == 1 and site.refused().get("custom", 0) >= 3)
    assert site.kept() == []


def token_of(doctor: Person) -> str:
    """As the portal hands it to its own pages."""
    expires = int((clock.real_now() + timedelta(hours=1)).timestamp())
    return tokens.sign("intake", {"person": str(doctor.id)}, expires=expires)
