from __future__ import annotations

from uuid import UUID

import pytest
from django.db import transaction

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.pg import connect
from einklang.loop.interactions import consumers, kinds, log, make, mapping
from einklang.loop.interactions.tests.test_mapping import CUSTOM, create, key_of, tells
from einklang.loop.profiles import read, refold
from einklang.loop.profiles.consumer import CONSUMER as PROFILES
from tests import cast


def fold() -> int:
    with transaction.atomic():
        return consumers.advance(cursor(), PROFILES, cast.NOW)


def refold_all() -> int:
    steps = 0
    while True:
        with transaction.atomic():
            if not refold.advance(cursor()):
                return steps
        steps += 1


def counts(person: UUID) -> dict[str, int]:
    return read.profiles(cursor(), [person])[person].counts


def test_profiles_are_folded_again_for_whom_it_concerns_and_again_when_it_is_undone(
    fresh_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mapping, "BATCH", 3)
    source = key_of()
    people = [ids.new() for _ in range(7)]
    for person in people:
        tells(source, person)
    tells(source, None, anonymous="browser")
    log.record(cursor(), [make.interaction(kinds.IDENTIFIED, now=cast.NOW, person=people[0], anonymous="browser")])
    fold()
    assert counts(people[0]) == {CUSTOM: 2}
    made = create(source)
    assert refold_all() == 3
    assert [counts(person) for person in people] == [{"content.viewed": 2}, *[{"content.viewed": 1}] * 6]
    tells(source, people[1])
    fold()
    assert counts(people[1]) == {"content.viewed": 2}
    mapping.undo(cursor(), made, cast.NOW)
    refold_all()
    assert [counts(person) for person in people[:3]] == [{CUSTOM: 2}, {CUSTOM: 2}, {CUSTOM: 1}]
    assert mapping.made(cursor()) == []


def test_nobody_reads_the_log_while_its_meaning_changes(fresh_db: str) -> None:
    source, person = key_of(), ids.new()
    tells(source, person)
    fold()
    tells(source, person)
    with transaction.atomic():
        create(source)
        with connect(fresh_db) as other:
            assert consumers.advance(other.cursor(), PROFILES, cast.NOW) == 0, "the reader waits for its turn"
    fold()
    refold_all()
    assert counts(person) == {"content.viewed": 2}
