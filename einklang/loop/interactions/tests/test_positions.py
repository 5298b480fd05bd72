from __future__ import annotations

import pytest

from einklang.core.connection import cursor
from einklang.loop.interactions import log, make, positions
from tests import cast

pytestmark = pytest.mark.usefixtures("fresh_db")  # a rollback gives no place of a sequence back


def happened(source_id: str) -> int:
    read = {"content_slug": "herz", "topics": [cast.TOPIC], "title": "Herz"}
    told = make.interaction("content.viewed", now=cast.NOW, source="shop", source_id=source_id, properties=read)
    return next((each.pos for each in log.record(cursor(), [told])), 0)


def test_after_a_restore_new_entries_stand_behind_all_that_was_ever_read() -> None:
    before = happened("1")
    assert positions.move_ahead(cursor()) >= before + positions.AHEAD
    assert happened("2") > before + positions.AHEAD


def test_a_second_restore_of_the_same_backup_gives_no_place_twice() -> None:
    last = positions.last(cursor())
    first = positions.move_ahead(cursor())
    cursor().execute("SELECT setval('interactions_pos', %s)", (last + 1,))
    assert positions.move_ahead(cursor(), seen=first) == first + positions.AHEAD


def test_what_a_client_tells_again_is_known_after_the_jump() -> None:
    happened("1")
    positions.move_ahead(cursor())
    assert happened("1") == 0
