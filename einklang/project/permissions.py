"""Roles, acts and addresses in one table, read from the URL configuration and from `people.roles.ACTS`.

`python -m einklang.project.permissions` prints docs/roles.md; the tests try each cell of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from einklang.facts.people.roles import ACTS, ROLES
from einklang.services.tokens.scopes import SCOPES
from einklang.ui.access import OPEN, act_of

MACHINES = (
    ("POST /v1/track, /v1/identify, /v1/page, /v1/batch", "a write key; a browser key only with the portal's token"),
    ("/api/v1/…", "an API token with the scope of the operation; `/api/v1/openapi.json` says which"),
    ("GET /health/live, /health/ready", OPEN),
    ("GET /health, /metrics", "the bearer token `EINKLANG_METRICS_TOKEN`"),
    ("GET /live/desk", "a signed token of minutes that only the desk's page hands out"),
)
API = "rest:"  # asks for a token's scope instead of somebody's role
DEMO = "demo:"  # pages that only a demo has
HEAD = """# Who may do what

Made from `einklang/facts/people/roles.py` and the URL configuration by `make roles`; do not edit by hand.
A role may do what its column ticks. Who is not logged in is asked to log in; whose role does not suffice gets 403.
A rep sees the persons of her territories only: others answer 404, and PostgreSQL's row level security
(`einklang/facts/people/viewer.py`) hides them from the role `einklang_face`, whatever the page asks.
"""


class Address(NamedTuple):
    route: str
    name: str
    act: str | None
    parameters: tuple[str, ...]


def addresses() -> list[Address]:
    return [each for each in _walk(get_resolver(), "/", "") if not each.name.startswith(API)]


def page() -> str:
    tables = (("Acts", _acts()), ("Addresses", _addresses()), ("API tokens", _scopes()))
    return "\n".join([HEAD, *(line for name, table in tables for line in (f"## {name}", "", *table, ""))])


def _acts() -> Iterator[str]:
    yield from _head(["act", *(role.replace("_", " ") for role in ROLES)])
    for act, roles in sorted(ACTS.items()):
        yield _row([f"`{act}`", *("●" if role in roles else "" for role in ROLES)])


def _addresses() -> Iterator[str]:
    yield from _head(["address", "asks for"])
    lasting = [each for each in addresses() if not each.name.startswith(DEMO)]
    for route, asks in (*((each.route, f"`{each.act}`") for each in lasting), *MACHINES):
        yield _row([f"`{route}`", "nothing, open to all" if asks.strip("`") == OPEN else asks])


def _scopes() -> Iterator[str]:
    yield from _head(["scope", "as somebody with"])
    for name, scope in SCOPES.items():
        yield _row([f"`{name}`", f"`{scope.act}`"])


def _head(cells: Sequence[str]) -> Iterator[str]:
    yield _row(cells)
    yield _row(["---"] * len(cells))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _walk(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[Address]:
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each, route, inner)
        elif isinstance(each, URLPattern):
            yield Address(route, f"{namespace}{each.name}", act_of(each.callback), tuple(each.pattern.converters))


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(page())
