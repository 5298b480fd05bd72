"""What commands have in common: the house's database, running or started for the command, and how they tell."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

import orjson

from einklang.core import pg


@contextmanager
def connected(*, autocommit: bool = True) -> Iterator[pg.Connection]:
    from einklang.project import running

    with running.database() as url, pg.connect(url, autocommit=autocommit, application="einklang command") as opened:
        yield opened


@contextmanager
def in_one_go() -> Iterator[pg.Cursor]:
    """Commits at the end."""
    with connected(autocommit=False) as connection:
        yield connection.cursor()


@contextmanager
def with_django(*, atomic: bool = False) -> Iterator[tuple[pg.Cursor, datetime]]:
    """Commits at the end, or each statement by itself."""
    from einklang.project import running

    with running.database():
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "einklang.project.settings")
        import django
        from django.db import connection, transaction

        django.setup()
        from einklang.core import clock
        from einklang.core.connection import cursor

        try:
            with transaction.atomic() if atomic else nullcontext():
                yield cursor(), clock.now()
        finally:
            connection.close()


def tell(value: Any) -> None:
    """A line of text, or one of JSON; at once, for whoever follows."""
    text = value if isinstance(value, str) else orjson.dumps(value, default=_plain).decode()
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _plain(value: Any) -> Any:
    """What orjson does not know: named tuples by their names, decimals as text."""
    return value._asdict() if hasattr(value, "_asdict") else str(value)
