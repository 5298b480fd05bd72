"""Plain SQL over psycopg, for what must run without Django."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import psycopg
from psycopg import postgres, pq, sql
from psycopg.abc import AdaptContext, DumperKey
from psycopg.adapt import PyFormat
from psycopg.types.array import BaseListDumper, ListDumper
from psycopg.types.json import JsonbDumper, set_json_dumps, set_json_loads

Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[Any]

CONNECT_TIMEOUT = 10
OUTAGES = (  # out of reach, or too slow: the same again may succeed
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.TransactionTimeout,
    psycopg.errors.IdleInTransactionSessionTimeout,
)


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
    """JSON is loaded to Python objects by orjson; a plain dict is written as jsonb, a list of ids in one go."""
    set_json_loads(orjson.loads, context)
    set_json_dumps(orjson.dumps, context)
    context.adapters.register_dumper(dict, _DictDumper)
    context.adapters.register_dumper(list, _ListDumper)


def in_transaction(cur: Cursor) -> None:
    """What locks first and writes later is worth nothing where each statement commits by itself."""
    connection = cur.connection
    if connection.autocommit and connection.info.transaction_status is not pq.TransactionStatus.INTRANS:
        raise RuntimeError("This writes only inside its caller's transaction.")


def notify(cur: Cursor, channel: str, payload: str = "") -> None:
    cur.execute("SELECT pg_notify(%s, %s)", (channel, payload))


class _DictDumper(JsonbDumper):
    _dumps = orjson.dumps


class _ListDumper(ListDumper):
    """Lists of ids are what most queries get: written at once instead of one by one."""

    def get_key(self, obj: list[Any], format: PyFormat) -> DumperKey:
        return (list, UUID) if _holds_ids(obj) else super().get_key(obj, format)

    def upgrade(self, obj: list[Any], format: PyFormat) -> BaseListDumper:
        return _IdsDumper(list) if _holds_ids(obj) else super().upgrade(obj, format)


class _IdsDumper(ListDumper):
    oid = postgres.types["uuid"].array_oid

    def dump(self, obj: list[UUID | None]) -> bytes:
        return ("{" + ",".join([each.hex if each else "NULL" for each in obj]) + "}").encode()


def _holds_ids(values: list[Any]) -> bool:
    return bool(values) and type(values[0]) is UUID
