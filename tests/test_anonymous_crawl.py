"""DE-HWG-02: who is nobody, and who is a nurse, finds no promotion of a prescription medicine, at no address."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import psycopg
import pytest

from einklang.project import permissions
from einklang.project.demo import cast
from tests.eyes import world
from tests.eyes.__main__ import free_port

pytestmark = pytest.mark.slow
LINK = re.compile(r"""(?:href|src|action|content|poster)=["']([^"'#]+)""")
WELL_KNOWN = (
    "/robots.txt",
    "/sitemap.xml",
    "/favicon.ico",
    "/feed",
    "/api",
    "/v1",
    "/openapi.json",
    "/.well-known/",
    "/rss",
)
QUERIES = ("/suche?q=Velunor", "/suche?q=Herzinsuffizienz", "/wissen?q=Velunor", "/suche/vorschlag?q=Vel")
SHORTEST = 40  # characters; a sentence of this length is nobody's by chance
LOGIN = "/anmelden"


@pytest.fixture(scope="module")
def demo() -> Iterator[world.World]:
    with world.served(port=free_port()) as served:
        yield served


def test_DE_HWG_02_nobody_finds_rx_promotion_at_any_address(demo: world.World) -> None:
    secrets = promotion(demo)
    with httpx.Client(base_url=demo.url, follow_redirects=True) as client:
        answers = crawl(client, [*addresses(demo), *WELL_KNOWN, *QUERIES, *files(demo)])
    assert len(answers) > 50
    assert leaks(answers, secrets) == []


def test_DE_HWG_02_a_nurse_finds_rx_promotion_at_no_address_of_the_portal(demo: world.World) -> None:
    secrets = promotion(demo)
    with httpx.Client(base_url=demo.url, follow_redirects=True) as client:
        enter(client, cast.DOCTORS[2].email)
        answers = crawl(client, [*addresses(demo), *QUERIES])
    assert any("Sabine" in text or "Holtz" in text for text in answers.values())
    assert leaks(answers, secrets) == []


def test_what_is_looked_for_is_what_a_doctor_reads(demo: world.World) -> None:
    """Else the two tests above could not fail."""
    secrets = promotion(demo)
    with httpx.Client(base_url=demo.url, follow_redirects=True) as client:
        enter(client, cast.STORY_DOCTOR.email)
        assert leaks(crawl(client, [*addresses(demo)]), secrets) != []


def promotion(demo: world.World) -> set[str]:
    """Each title, sentence and cell of the promotional versions about prescription medicines."""
    with psycopg.connect(demo.database_url) as connection:
        rows = connection.execute("SELECT body FROM content_contentversion WHERE promotional AND rx").fetchall()
        shared = connection.execute(
            "SELECT body FROM content_contentversion WHERE NOT promotional OR NOT rx"
        ).fetchall()
    return {text for (body,) in rows for text in texts(body)} - {text for (body,) in shared for text in texts(body)}


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, str) and len(node) >= SHORTEST:
        yield node
    elif isinstance(node, dict):
        for each in node.values():
            yield from texts(each)
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)


def addresses(demo: world.World) -> list[str]:
    """Every address of the house, with every id and slug that the database knows."""
    with psycopg.connect(demo.database_url) as connection:
        slugs = [row[0] for row in connection.execute("SELECT DISTINCT slug FROM content_contentversion").fetchall()]
        slugs += [row[0] for row in connection.execute("SELECT slug FROM products_authorisation").fetchall()]
        ids = [str(row[0]) for row in connection.execute("SELECT id FROM content_contentversion").fetchall()]
        ids += [str(row[0]) for row in connection.execute("SELECT id FROM people_person LIMIT 3").fetchall()]
    return [path for each in permissions.addresses() for path in filled(each.route, slugs, ids)]


def filled(route: str, slugs: list[str], ids: list[str]) -> list[str]:
    if "<" not in route:
        return [route]
    values = slugs if "<slug:" in route else ids if "<uuid:" in route else ["x"]
    return [re.sub(r"<[^>]+>", value, route) for value in values]


def files(demo: world.World) -> list[str]:
    """Pictures, films and captions of every version."""
    with psycopg.connect(demo.database_url) as connection:
        rows = connection.execute("SELECT id, assets FROM content_contentversion").fetchall()
    return [f"/medien/{version}/{name}" for version, assets in rows for name in assets]


def crawl(client: httpx.Client, starts: list[str]) -> dict[str, str]:
    """Address → what came back as text, over everything that is linked from anywhere."""
    waiting, answers = deque(starts), dict[str, str]()
    while waiting:
        path = waiting.popleft()
        if path in answers or path.startswith(("/abmeldung", "/demo/")):
            continue
        answer = client.get(path)
        answers[path] = unescape(answer.text)
        for link in LINK.findall(answer.text):
            parts = urlsplit(urljoin(str(answer.url), link))
            if parts.netloc == urlsplit(str(client.base_url)).netloc:
                waiting.append(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return answers


def leaks(answers: dict[str, str], secrets: set[str]) -> list[tuple[str, str]]:
    return [(path, secret) for path, text in answers.items() for secret in secrets if secret in text]


def enter(client: httpx.Client, email: str) -> None:
    form = client.get(LOGIN).text
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
    data = {"login": email, "password": cast.PASSWORD, "csrfmiddlewaretoken": token}
    answer = client.post(LOGIN, data=data, headers={"Referer": str(client.base_url)})
    assert urlsplit(str(answer.url)).path != LOGIN
