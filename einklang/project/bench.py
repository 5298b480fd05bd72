"""The floors of the house. Each bench stands in the room whose tables it touches; this lists and runs them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from einklang.core import settings
from einklang.core.errors import InputError
from einklang.project import embedded, running, schema

BENCHES = {
    "intake_1": "einklang.faces.api.bench",
    "intake_20": "einklang.faces.api.bench",
    "profiles": "einklang.loop.profiles.bench",
    "partitions": "einklang.loop.interactions.bench",
    "lanes": "einklang.loop.profiles.bench",
    "gate_100k": "einklang.loop.gate.bench",
    "mail": "einklang.loop.gate.mail_bench",
    "wake_1m": "einklang.loop.decide.bench",
    "wake_10m": "einklang.loop.decide.bench",
    "portal": "einklang.faces.portal.bench",
    "loop": "einklang.project.loop_bench",
    "burst": "einklang.project.burst_bench",
}
Row = dict[str, Any]
Measured = tuple[str, float, str, float | None]  # bench, value, unit, limit


def run(name: str) -> Iterator[Row]:
    if name != "all" and name not in BENCHES:
        raise InputError("bench", f"there is none named {name!r}.", f"Choose one of: {', '.join(BENCHES)}, all.")
    for each in BENCHES if name == "all" else (name,):
        with _database() as url:
            for measured in _function(each)(url):
                yield _row(*measured)


def line(row: Row) -> str:
    ratio = "" if row["ratio"] is None else f"  {row['ratio']:.3f} of {row['limit']:,.0f}"
    return f"{row['bench']:<28} {row['value']:>14,.2f} {row['unit']}{ratio}"


def _row(bench: str, value: float, unit: str, limit: float | None) -> Row:
    ratio = value / limit if limit else None
    return {"bench": bench, "value": value, "unit": unit, "limit": limit, "ratio": ratio}


def _function(name: str) -> Callable[[str], list[Measured]]:
    function: Callable[[str], list[Measured]] = getattr(import_module(BENCHES[name]), name)
    return function


@contextmanager
def _database() -> Iterator[str]:
    """Fresh and migrated, in a home of its own, as durable as in production; Django points at it."""
    configured = settings.get().database_url
    with tempfile.TemporaryDirectory(prefix="einklang-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        server = _passing(configured) if configured else embedded.running(home)
        with server as url, running.known(EINKLANG_HOME=folder, EINKLANG_DATABASE_URL=url):
            schema.migrate(url)
            _point_django_at(url)
            yield url


@contextmanager
def _passing(url: str) -> Iterator[str]:
    name = f"einklang_bench_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield _named(url, name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _named(url: str, name: str) -> str:
    """The same server's other database, again as a URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/{name}?{parts.query}"


def _point_django_at(url: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
    import django
    from django.conf import settings as django_settings
    from django.db import connections

    from einklang.project.settings import database

    django.setup()
    connections.close_all()
    django_settings.DATABASES["default"].update(database(url))
    connections.databases["default"].update(database(url))
