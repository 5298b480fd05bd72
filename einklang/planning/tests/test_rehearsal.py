"""What a rehearsal says comes true, and it touches nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from einklang.core import ids, pg
from einklang.core.connection import cursor
from einklang.core.errors import InputError
from einklang.core.pg import Cursor
from einklang.facts.people.models import Person
from einklang.loop.channels.contract import Outgoing, Receipt
from einklang.loop.decide.journeys import store
from einklang.loop.decide.tests.documents import story
from einklang.loop.decide.tests.parts import DAY, NOW, consume, published, reader, reads, wakes
from einklang.loop.gate import tasks
from einklang.planning.rehearsal import stage
from einklang.planning.rehearsal.play import TICK, Played, Script, play
from einklang.planning.rehearsal.score import lines, score
from einklang.services.orders.stock import STOCK
from tests import cast

DAYS = 10
TABLES = (
    *("decide_enrolment", "decide_timer", "decide_step_log", "decide_suggestion", "decide_goal", "decide_version"),
    *("gate_message", "gate_verdict", "gate_facts", "interactions_log", "interactions_key", "planning_played"),
)


class Recorder:
    """A channel that takes everything and remembers whom it was for."""

    channel = "email"

    def __init__(self) -> None:
        self.sent: list[tuple[UUID, datetime]] = []

    def host(self) -> str:
        return "recorder"

    def send(
        self, messages: Sequence[Outgoing], now: datetime, told: Callable[[Receipt], bool] = bool
    ) -> list[Receipt]:
        self.sent += [(each.id, now) for each in messages]
        receipts = [Receipt(each.id, "sent", now) for each in messages]
        for receipt in receipts:
            told(receipt)
        return receipts

    def parse(self, payload: Any) -> list[Receipt]:
        raise NotImplementedError

    def reconcile(self, messages: Sequence[Outgoing]) -> dict[UUID, Any]:
        return {}


@pytest.fixture
def cur(fresh_db: str) -> Cursor:
    return cursor()


@pytest.fixture
def journey(cur: Cursor) -> UUID:
    """Twelve doctors who read in the last days; three give no consent, and two read on after three days."""
    cast.product_article()
    cast.mail()
    for number, doctor in enumerate(_doctors()):
        at = NOW - timedelta(days=1 + number % 8, hours=number)
        reads(cur, doctor, at)
        if number in (2, 7):
            reads(cur, doctor, at + timedelta(hours=60), slug="velunor-studie")
    return published(_document())


def _document() -> dict[str, Any]:
    document = story(start="versuch", holdout_percent=15)
    ways = [{"name": "mit", "share": 2, "next": "pause"}, {"name": "ohne", "share": 1, "next": "visit"}]
    document["steps"]["versuch"] = {"split": ways}
    return document


def _doctors() -> list[Person]:
    doctors = [reader(cast.doctor(number)) for number in range(12)]
    for doctor in doctors[:3]:
        cast.withdraw(doctor, "email", now=NOW - DAY)
    return doctors


def _rehearse(url: str, journey: UUID, document: dict[str, Any] | None = None, now: datetime = NOW) -> Played:
    with pg.connect(url, autocommit=True) as connection:
        return play(connection, Script(document or _document(), journey, cast.administrator().id, DAYS), now)


def _counts(cur: Cursor) -> list[tuple[str, Any]]:
    return [(name, cur.execute(f"SELECT count(*), max(xmin::text::bigint) FROM {name}").fetchone()) for name in TABLES]


def test_the_real_run_on_a_frozen_clock_reaches_the_same_people_at_the_same_time(
    cur: Cursor, fresh_db: str, journey: UUID
) -> None:
    played = _rehearse(fresh_db, journey)
    rehearsed = {(each.person, each.sent_at) for each in played.messages if each.state == "sent"}
    withheld = {each.person for each in played.messages if each.state == "withheld"}
    suggested = {(each.person, each.at) for each in played.suggested}
    channel = _in_earnest(cur)
    states = dict(cur.execute("SELECT id, recipient FROM gate_message WHERE state = 'sent'").fetchall())
    assert {(states[message], at) for message, at in channel.sent} == rehearsed != set()
    assert withheld == {
        person for (person,) in cur.execute("SELECT recipient FROM gate_message WHERE state = 'withheld'").fetchall()
    } != set()  # fmt: skip
    assert suggested == set(cur.execute("SELECT person_id, created_at FROM decide_suggestion").fetchall()) != set()
    held = cur.execute("SELECT person_id FROM decide_enrolment WHERE arm = 'holdout'").fetchall()
    assert {person for (person,) in held} == {each.person for each in played.entered if each.arm == "holdout"}


def _in_earnest(cur: Cursor) -> Recorder:
    """The same acts again, now in the real log, hour by hour, with the worker's own functions."""
    channel = Recorder()
    acts = cur.execute(
        "SELECT person, occurred_at, properties ->> 'content_slug' FROM interactions_log "
        "WHERE kind = 'content.viewed' ORDER BY occurred_at"
    ).fetchall()
    people = {person.id: person for person in Person.objects.all()}
    for hour in range(int(timedelta(days=45) / TICK)):
        now = NOW + hour * TICK
        for person, at, slug in acts:
            if now - TICK < at + DAYS * DAY <= now:
                reads(cur, people[person], at + DAYS * DAY, slug=slug)
        consume(cur, now)
        wakes(cur, now)
        while tasks.dispatch(now, {"email": channel}):
            pass
    return channel


def test_a_rehearsal_leaves_every_table_as_it_was(cur: Cursor, fresh_db: str, journey: UUID) -> None:
    before = _counts(cur)
    position = cur.execute("SELECT last_value FROM interactions_pos").fetchone()
    assert _rehearse(fresh_db, journey).passed
    assert _counts(cur) == before
    assert cur.execute("SELECT last_value FROM interactions_pos").fetchone() == position


def test_the_database_itself_refuses_to_write_anything_real(fresh_db: str, cur: Cursor) -> None:
    with pg.connect(fresh_db, autocommit=True) as connection:
        on_stage = stage.build(connection, [], NOW, NOW + DAY)
        on_stage.execute("DELETE FROM decide_enrolment")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            on_stage.execute("DELETE FROM public.decide_enrolment")


def test_a_draft_is_played_without_being_published(cur: Cursor, fresh_db: str, journey: UUID) -> None:
    document = {**_document(), "key": "noch-ein-entwurf"}
    with pg.connect(fresh_db, autocommit=True) as connection:
        played = play(connection, Script(document, None, cast.administrator().id, DAYS), NOW)
    assert {each.version for each in played.entered} >= {played.version}
    assert [row.key for row in store.listing(cur)] == ["lesen-vertiefen-besuchen"]


def test_where_nobody_met_the_trigger_it_says_so(fresh_db: str, cur: Cursor, journey: UUID) -> None:
    with pytest.raises(InputError, match="niemand"):
        _rehearse(fresh_db, journey, now=NOW + 90 * DAY)


def test_what_visits_ask_for_stands_beside_what_lies_in_the_warehouse(
    fresh_db: str, cur: Cursor, journey: UUID
) -> None:
    played = _rehearse(fresh_db, journey)
    assert score(cur, played, lines(cur, played))["stock"] == {}
    batch = {"id": ids.new(), "batch": "A4417", "expiry": date(2028, 5, 31), "counted": 2, "counted_at": NOW}
    STOCK.add(cur, [batch | {"pack": cast.pack().id}])
    found = score(cur, played, lines(cur, played))
    assert found["stock"] == dict.fromkeys(found["products"], 2)
    assert found["products"]
