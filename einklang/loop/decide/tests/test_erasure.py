"""Erasure holds the person and the worker holds her timer: neither may wait for the other in a circle."""

from __future__ import annotations

import psycopg
import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.errors import Conflict
from einklang.loop.decide.erasure import ROOM
from einklang.loop.decide.tests.parts import NOW, consume, places, published, reader, reads


def test_while_the_worker_holds_her_timer_an_erasure_says_so_and_later_succeeds(fresh_db: str) -> None:
    cur, doctor = cursor(), reader()
    published()
    reads(cur, doctor)
    consume(cur, NOW)
    with psycopg.connect(fresh_db) as worker:
        assert worker.execute("SELECT 1 FROM decide_timer FOR UPDATE").fetchall() == [(1,)]
        with pytest.raises(Conflict, match="in einer Minute"), transaction.atomic():
            ROOM.erase(cur, doctor.id, NOW)
        assert places(cur) == [("waiting", "pause")]
    with transaction.atomic():
        ROOM.erase(cur, doctor.id, NOW)
    assert places(cur) == []
