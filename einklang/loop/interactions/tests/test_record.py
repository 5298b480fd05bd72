from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest

from einklang.core import ids
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.pg import connect
from einklang.loop.interactions import anonymous, horizon, log, make, partitions

NOW = datetime(2026, 11, 19, 6, 42, tzinfo=UTC)
VIEW = {"content_slug": "herzinsuffizienz", "topics": ["herzinsuffizienz"], "title": "Leitlinie"}


@pytest.mark.django_db
def test_what_is_recorded_is_read_back_whole_and_in_order() -> None:
    cur = cursor()
    person = ids.new()
    awkward = {"note": 'Tab\t, Zeile\n, "Zitat", \\ und \\N', "number": 1.5, "deep": {"list": [1, None, True]}}
    first = make.interaction(
        "custom.test",
        now=NOW,
        person=person,
        properties=awkward,
        cost=Decimal("1.20"),
        key_message="a\\b\tc",
        organisation=ids.new(),
        content=ids.new(),
        journey=ids.new(),
        message=ids.new(),
        event=ids.new(),
        is_machine=True,
        anonymous="anon",
    )
    second = make.interaction("content.viewed", now=NOW, person=person, properties=VIEW)
    before = log.safe_position(cur)
    recorded = log.record(cur, [first, second])
    assert [each.id for each in recorded] == [first.id, second.id]
    until = recorded[-1].pos
    entries = log.read(cur, after=before, until=until, limit=10)
    assert [entry.pos for entry in entries] == [each.pos for each in recorded]
    for entry, given in zip(entries, (first, second), strict=True):
        assert all(getattr(entry, column) == getattr(given, column) for column in log.COLUMNS)
        assert 0 <= entry.lane < 64
    assert entries[0].lane == entries[1].lane


@pytest.mark.django_db
def test_the_same_source_id_is_recorded_once_in_one_batch_and_over_two() -> None:
    cur = cursor()
    one = make.interaction("custom.a", now=NOW, source="crm", source_id="1")
    again = make.interaction("custom.b", now=NOW, source="crm", source_id="1")
    elsewhere = make.interaction("custom.c", now=NOW, source="erp", source_id="1")
    assert [each.id for each in log.record(cur, [one, again, elsewhere])] == [one.id, elsewhere.id]
    assert log.record(cur, [again]) == []


@pytest.mark.django_db
def test_rows_of_any_month_find_a_partition() -> None:
    cur = cursor()
    moments = [NOW - timedelta(days=400), NOW, NOW + timedelta(days=40), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)]
    assert len(log.record(cur, [make.interaction("custom.x", now=moment) for moment in moments])) == len(moments)
    partitions.ensure_ahead(cur, NOW)
    months = cur.execute(
        "SELECT relname FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid "
        "WHERE inhparent = 'interactions_log'::regclass ORDER BY 1"
    ).fetchall()
    assert [name for (name,) in months][-3:] == [f"interactions_log_{month}" for month in (202611, 202612, 202701)]


@pytest.mark.django_db
def test_the_log_is_append_only() -> None:
    cur = cursor()
    log.record(cur, [make.interaction("custom.x", now=NOW)])
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="append-only"):
        cur.execute("UPDATE interactions_log SET kind = 'custom.y'")


@pytest.mark.django_db
def test_a_kind_without_its_required_properties_is_refused() -> None:
    with pytest.raises(InputError, match=r"properties\.content_slug: is required"):
        make.interaction("content.viewed", now=NOW)


@pytest.mark.django_db
def test_history_holds_what_somebody_did_before_being_recognised() -> None:
    cur = cursor()
    person, other = ids.new(), ids.new()
    log.record(cur, [make.interaction("custom.before", now=NOW, anonymous="anon-1")])
    log.record(cur, [make.interaction("custom.other", now=NOW, anonymous="anon-2")])
    assert anonymous.rejoin(cur, "anon-1", person, NOW + timedelta(hours=1))
    assert not anonymous.rejoin(cur, "anon-1", other, NOW + timedelta(hours=2)), "the first finding stands"
    log.record(cur, [make.interaction("content.viewed", now=NOW + timedelta(days=1), person=person, properties=VIEW)])
    entries = log.person_history(cur, [person], limit=10)
    assert [entry.kind for entry in entries] == ["content.viewed", "person.identified", "custom.before"]
    assert {entry.person for entry in entries} == {person}
    assert [entry.kind for entry in log.person_history(cur, [person], kinds=["custom.before"], limit=9)] == [
        "custom.before"
    ]
    assert log.recognised(cur, ["anon-1", "anon-2"])["anon-1"][0] == person


@pytest.mark.django_db
def test_only_promotional_approaches_of_the_company_are_contacts() -> None:
    cur = cursor()
    person, nobody = ids.new(), ids.new()
    mail = {"subject": "Vertiefung"}
    log.record(
        cur,
        [
            make.interaction("email.sent", now=NOW, person=person, properties=mail),
            make.interaction("email.sent", now=NOW, person=person, properties=mail, purpose="transactional"),
            make.interaction("content.viewed", now=NOW, person=person, properties=VIEW),
            make.interaction("visit.held", now=NOW - timedelta(days=1), person=person, properties={"products": ["v"]}),
            make.interaction("email.sent", now=NOW - timedelta(days=40), person=person, properties=mail),
        ],
    )
    assert log.contacts(cur, [person, nobody], NOW - timedelta(days=30)) == {
        person: [(NOW - timedelta(days=1), "visit"), (NOW, "email")],
        nobody: [],
    }


@pytest.mark.django_db
def test_the_same_event_is_recognised_for_four_hundred_days() -> None:
    cur = cursor()
    event = make.interaction("custom.x", now=NOW, source="crm", source_id="1")
    log.record(cur, [event])
    assert horizon.forget(cur, NOW + timedelta(days=399)) == 0
    assert log.record(cur, [event]) == []
    assert horizon.forget(cur, NOW + timedelta(days=402)) == 1
    assert len(log.record(cur, [event])) == 1


def test_many_writers_may_open_a_month_at_once(fresh_db: str) -> None:
    ready = threading.Barrier(8)
    with ThreadPoolExecutor(8) as writers:
        recorded = list(writers.map(lambda _: _first_of_its_month(fresh_db, ready), range(8)))
    assert len(set(recorded)) == 8


def _first_of_its_month(url: str, ready: threading.Barrier) -> int:
    with connect(url) as db:
        ready.wait()
        return log.record(db.cursor(), [make.interaction("custom.x", now=NOW)])[0].pos
