from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from einklang.core import pg
from einklang.core.connection import cursor

ADD = "INSERT INTO core_clock (offset_us) VALUES (1)"
COUNT = "SELECT count(*) FROM core_clock"
DOCUMENT = {"a": [1, {"b": "ä"}], "c": None}


class Undo(Exception):
    pass


def test_the_cursor_takes_part_in_djangos_transaction(fresh_db: str) -> None:
    with pytest.raises(Undo), transaction.atomic():
        cursor().execute(ADD)
        raise Undo
    assert cursor().execute(COUNT).fetchone() == (0,)
    with transaction.atomic():
        cursor().execute(ADD)
    with pg.connect(fresh_db) as other:
        assert other.execute(COUNT).fetchone() == (1,)


@pytest.mark.django_db
def test_json_goes_in_and_out_as_python_objects() -> None:
    assert _round_trip(cursor()) == DOCUMENT


def test_a_connection_of_its_own_speaks_json_and_utc_alike(fresh_db: str) -> None:
    with pg.connect(fresh_db) as connection:
        assert _round_trip(connection.cursor()) == DOCUMENT
        row = connection.execute("SELECT now()").fetchone()
        assert row is not None
        assert row[0].utcoffset() == timedelta()


def _round_trip(cur: pg.Cursor) -> object:
    row = cur.execute("SELECT %s::jsonb", (DOCUMENT,)).fetchone()
    assert row is not None
    return row[0]
