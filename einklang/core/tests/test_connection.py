from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from einklang.core import ids, pg
from einklang.core.connection import cursor

ADD = "INSERT INTO core_clock (offset_us) VALUES (1)"
COUNT = "SELECT count(*) FROM core_clock"
FIRST, SECOND = ids.new(), ids.new()
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


@pytest.mark.django_db
@pytest.mark.parametrize("values", [[FIRST], [FIRST, SECOND], [FIRST, None], []])
def test_lists_of_ids_go_in_and_out_unchanged(values: list[UUID | None]) -> None:
    assert cursor().execute("SELECT %s::uuid[]", (values,)).fetchone() == (values,)


@pytest.mark.django_db
def test_lists_of_ids_find_their_rows() -> None:
    found = "SELECT id FROM unnest(%s::uuid[]) AS id WHERE id = ANY(%s)"
    assert cursor().execute(found, ([FIRST, SECOND], [SECOND])).fetchall() == [(SECOND,)]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "values"), [("text", ["a", "b"]), ("int", [1, 2]), ("text", [["a"], ["b"]])])
def test_other_lists_are_what_they_were(kind: str, values: list[object]) -> None:
    assert cursor().execute(f"SELECT %s::{kind}[]", (values,)).fetchone() == (values,)


def _round_trip(cur: pg.Cursor) -> object:
    row = cur.execute("SELECT %s::jsonb", (DOCUMENT,)).fetchone()
    assert row is not None
    return row[0]
