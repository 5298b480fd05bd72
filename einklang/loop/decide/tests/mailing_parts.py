"""What the tests of the mailings begin with: four people of whom two may be written to, and an approved mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from einklang.core.pg import Cursor
from einklang.loop.decide.mailings import run, store
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.decide.mailings.store import Wanted
from tests import cast

NOON = cast.NOW + timedelta(hours=5)  # outside the quiet hours


def writable(number: int = 0) -> None:
    """Two of the four allow mail, and so do as many doctors more."""
    cast.everybody()
    for person in [cast.albrecht(), cast.kern(), *map(cast.doctor, range(number))]:
        cast.allow(person, "email", now=cast.NOW - timedelta(days=1))


def wanted(**changes: Any) -> Wanted:
    day = cast.NOW.date()
    base: dict[str, Any] = {
        "name": "Velunor im Herbst",
        "brand": "",
        "content": cast.mail().id,
        "begins": day,
        "ends": day,
    }
    return Wanted(**{**base, "segment": Segment(), **changes})


def scheduled(cur: Cursor, at: datetime = NOON, **changes: Any) -> UUID:
    by = cast.administrator().id
    mailing = store.create(cur, "Neu", by=by, now=cast.NOW)
    store.save(cur, mailing, wanted(**changes), revision=1, by=by, now=cast.NOW)
    store.schedule(cur, mailing, at, revision=2, by=by, now=cast.NOW)
    return mailing


def runs(cur: Cursor, now: datetime = NOON, limit: int = 500) -> None:
    while run.advance(cur, now, limit):
        pass


def mailed(cur: Cursor) -> list[tuple[UUID, str]]:
    """Which person has a message, and in which state."""
    query = "SELECT recipient, state FROM gate_message WHERE recipient_kind = 'person' ORDER BY recipient"
    return cur.execute(query).fetchall()
