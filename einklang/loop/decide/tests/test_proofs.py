"""Tests of a mailing and its seed list: they stay in the house and count nowhere."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.pg import Cursor, connect
from einklang.facts.people.models import User
from einklang.loop.decide.mailings import proofs, run, store
from einklang.loop.decide.mailings.segment import Segment
from einklang.loop.decide.tests.mailing_parts import NOON, mailed, runs, scheduled, writable
from einklang.loop.gate import notes, queue, tally
from tests import cast


@pytest.fixture
def cur(db: None) -> Cursor:
    writable()
    return cursor()


@pytest.fixture
def seeds(cur: Cursor) -> list[UUID]:
    users = [cast.staff("marketing").id, cast.auditor().id]
    for user in users:
        proofs.add(cur, user, by=cast.administrator().id, now=cast.NOW)
    return users


def states(cur: Cursor, mailing: UUID) -> dict[UUID, str]:
    return {each.user: queue.get(cur, each.message).state for each in proofs.latest(cur, mailing)}


def test_the_seed_list_gets_the_mailing_once_and_no_count_knows_of_it(cur: Cursor, seeds: list[UUID]) -> None:
    mailing = scheduled(cur)
    runs(cur, limit=1)
    found = store.get(cur, mailing)
    assert states(cur, mailing) == dict.fromkeys(seeds, "planned")
    assert (found.asked, found.planned) == (4, 2)
    assert sum(tally.states(cur, mailing).values()) == 4


def test_a_segment_that_nobody_fits_still_shows_the_seed_list_what_went_out(cur: Cursor, seeds: list[UUID]) -> None:
    cur.execute("UPDATE people_person SET profession = 'dentist'")
    mailing = scheduled(cur, segment=Segment(professions=("dentist",)))
    cur.execute("UPDATE people_person SET profession = 'physician'")
    runs(cur)
    assert (store.get(cur, mailing).asked, len(states(cur, mailing))) == (0, len(seeds))


def test_a_stop_withholds_what_the_seed_list_has_not_got(cur: Cursor, seeds: list[UUID]) -> None:
    mailing = scheduled(cur)
    run.advance(cur, NOON, 1)
    store.stop(cur, mailing, "Falscher Betreff", by=cast.administrator().id, now=NOON)
    runs(cur)
    assert set(states(cur, mailing).values()) == {"withheld"}
    assert {queue.get(cur, each).detail for each in proofs.messages(cur, mailing)} == {notes.MAILING_STOPPED}


def test_who_left_the_house_gets_nothing_though_she_stands_on_the_list(cur: Cursor, seeds: list[UUID]) -> None:
    User.objects.filter(id=seeds[0]).update(is_active=False)
    mailing = scheduled(cur)
    runs(cur)
    assert states(cur, mailing) == {seeds[0]: "withheld", seeds[1]: "planned"}


def test_nobody_but_who_works_in_the_studio_comes_onto_the_list(cur: Cursor) -> None:
    for user in (cast.login_of(cast.albrecht()), cast.petersen()):
        with pytest.raises(InputError, match="user"):
            proofs.add(cur, user.id, by=cast.administrator().id, now=cast.NOW)
    assert proofs.seeds(cur) == []


def test_added_twice_is_on_the_list_once_and_removed_twice_is_removed(cur: Cursor) -> None:
    user, by = cast.auditor().id, cast.administrator().id
    assert [proofs.add(cur, user, by=by, now=cast.NOW) for _ in range(2)] == [True, False]
    assert [proofs.remove(cur, user) for _ in range(2)] == [True, False]


def test_a_test_goes_out_before_anything_is_scheduled_and_a_second_click_sends_no_second(cur: Cursor) -> None:
    by, content = cast.administrator().id, cast.mail().id
    mailing = store.create(cur, "Neu", by=by, now=cast.NOW)
    first = proofs.test(cur, mailing, content, [by], NOON)
    second = proofs.test(cur, mailing, content, [by], NOON + timedelta(seconds=5))
    assert (len(first.mails), first.refused, second.mails, set(second.again)) == (1, [], [], {by})
    later = proofs.test(cur, mailing, content, [by], NOON + timedelta(minutes=2))
    assert len(later.mails) == 1
    assert mailed(cur) == [], "no person got anything"


def test_of_two_clicks_at_once_the_second_waits_for_the_first(fresh_db: str) -> None:
    with transaction.atomic():
        by, content = cast.administrator().id, cast.mail().id
        mailing = store.create(cursor(), "Neu", by=by, now=cast.NOW)
    with connect(fresh_db) as first, connect(fresh_db) as second:
        assert len(proofs.test(first.cursor(), mailing, content, [by], NOON).mails) == 1
        second.execute("SET lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            proofs.test(second.cursor(), mailing, content, [by], NOON)
        first.commit()
        second.rollback()
        assert set(proofs.test(second.cursor(), mailing, content, [by], NOON).again) == {by}


def test_a_draft_of_which_a_test_was_sent_can_be_deleted(cur: Cursor) -> None:
    by = cast.administrator().id
    mailing = store.create(cur, "Neu", by=by, now=cast.NOW)
    proofs.test(cur, mailing, cast.mail().id, [by], NOON)
    store.drop(cur, mailing, 1)
    assert store.listing(cur) == []
