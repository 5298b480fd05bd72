"""Plain SQL over psycopg, for what must run without Django."""

from __future__ import annotations

from typing import Any

import orjson
import psycopg
from psycopg import sql
from psycopg.abc import AdaptContext
from psycopg.types.json import JsonbDumper, set_json_dumps, set_json_loads

Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[Any]

CONNECT_TIMEOUT = 10


def connect(
    url: str, *, autocommit: bool = False, role: str | None = None, application: str = "einklang"
) -> Connection:
    """Times come back in UTC. `role` is taken for the life of the connection."""
    connection = psycopg.connect(url, autocommit=True, application_name=application, connect_timeout=CONNECT_TIMEOUT)
    adapt_json(connection)
    connection.execute("SET TimeZone = 'UTC'")
    if role:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    connection.autocommit = autocommit
    return connection


def adapt_json(context: AdaptContext) -> None:
    """JSON is loaded to Python objects by orjson; a plain dict is written as jsonb."""
    set_json_loads(orjson.loads, context)
    set_json_dumps(orjson.dumps, context)
    context.adapters.register_dumper(dict, _DictDumper)


def notify(cur: Cursor, channel: str, payload: str = "") -> None:
    cur.execute("SELECT pg_notify(%s, %s)", (channel, payload))


class _DictDumper(JsonbDumper):
    _dumps = orjson.dumps
