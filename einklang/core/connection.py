"""Django's own connection as a plain psycopg cursor: the hot path takes part in `transaction.atomic()`."""

from __future__ import annotations

import psycopg
from django.db import connection

from einklang.core.pg import Cursor, adapt_json


def cursor() -> Cursor:
    """Server-side binding, tuple rows, JSON as Python objects (Django's own connection hands JSON out as text)."""
    connection.ensure_connection()
    cur = psycopg.Cursor(connection.connection)
    adapt_json(cur)
    return cur
