"""A history that is whole passes every check, and each check can fail: one row is broken after the other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import transaction
from typer.testing import CliRunner

from einklang.core import ids, pg
from einklang.core.connection import cursor
from einklang.facts.audit import trail
from einklang.facts.people.models import Person
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.channels.visit.reports import Told
from einklang.loop.decide.tests import parts
from einklang.loop.gate import door, tasks
from einklang.loop.gate.question import Question, Recipient
from einklang.project import history
from einklang.project.cli import app
from einklang.services.orders import request
from einklang.services.orders.request import Signed, Wish
from einklang.services.visits import acts
from tests import cast

NOON = parts.SATURDAY + timedelta(hours=4)
ASKED = history.Asked(NOON)
BREAKS = {
    "told_twice": "INSERT INTO interactions_log ({columns}) SELECT {columns} FROM interactions_log LIMIT 1",
    "without_key": "DELETE FROM interactions_key WHERE source = 'test'",
    "without_entry": "DELETE FROM interactions_log WHERE source = 'gate'",
    "profiles": "UPDATE profiles_profile SET state = jsonb_set(state, '{{counts,content.viewed}}', '7')",
    "timers": "DELETE FROM decide_timer",
    "at_once": "UPDATE decide_enrolment SET person_id = {person}",
    "triggers": "UPDATE decide_enrolment SET entered_by = {stranger}",
    "steps": "DELETE FROM decide_step_log WHERE step = 'pause'",
    "asked": "DELETE FROM gate_verdict WHERE stage = 'ask' AND act = 'send'",
    "allowed": "UPDATE gate_verdict SET answer = 'no' WHERE stage = 'dispatch'",
    "replay": "UPDATE gate_facts SET body = jsonb_set(body, '{{consent,email}}', '1') WHERE body ? 'consent'",
    "withdrawals": "UPDATE consent_entry SET state = 'withdrawn' WHERE permission = 'email'",
    "sent_unlogged": "DELETE FROM interactions_key WHERE source = 'gate'",
    "logged_unsent": "UPDATE gate_message SET state = 'uncertain'",
    "visits": "DELETE FROM interactions_key WHERE source = 'visit'",
    "quotas": "UPDATE orders_order SET quantity = 3",
    "consent": "DELETE FROM consent_entry WHERE permission = 'email'",
    "audit": "UPDATE audit_entry SET act = 'something.else'",
}


@pytest.fixture
def whole(fresh_db: str) -> Iterator[psycopg.Connection[Any]]:
    """Two doctors read, one of them long enough ago for her mail; she asks for a sample; an act is written down."""
    cur, doctors = cursor(), (parts.reader(), parts.reader(cast.kern()))
    parts.published()
    for doctor in doctors:
        parts.reads(cur, doctor)
    parts.consume(cur, parts.NOW)
    parts.wakes(cur, parts.SATURDAY)
    with transaction.atomic():
        _order(cur, doctors[0])
        _visit(cur, cast.doctor(1))
        trail.write(cur, [trail.Act(act="test.act", object="test", who=None)], parts.NOW)
    adapter = FakeAdapter()
    while tasks.dispatch(NOON, {"email": adapter}):
        pass
    parts.consume(cursor(), NOON)
    assert len(adapter.sent) == 2
    with pg.connect(fresh_db, autocommit=True) as connection:
        yield connection


def _order(cur: pg.Cursor, doctor: Person) -> None:
    wish = Wish(person=doctor.id, pack=cast.pack().id, quantity=1, channel="visit", user=cast.petersen().id)
    signed = Signed(token="t", name="Dr. Albrecht", signature="", text_shown="Ich bitte um ein Muster.")
    assert request.request(cur, wish, signed, NOON).order


def _visit(cur: pg.Cursor, doctor: Person) -> None:
    rep = cast.petersen().id
    planned = acts.plan(cur, rep=rep, person=doctor.id, at=parts.NOW, now=parts.NOW)
    assert planned.report
    assert acts.hold(cur, report=planned.report, rep=rep, told=Told(safety=False), now=parts.NOW).interaction


def broken(cur: pg.Cursor) -> set[str]:
    return {each.name for each in history.INVARIANTS if list(each.ids(cur, ASKED))}


def test_a_whole_history_passes(whole: psycopg.Connection[Any]) -> None:
    assert [found.invariant.name for found in history.check(whole, ASKED) if found.number] == []


def test_every_check_can_fail(whole: psycopg.Connection[Any]) -> None:
    assert BREAKS.keys() == {each.name for each in history.INVARIANTS}
    columns = "pos, id, occurred_at, received_at, kind, channel, initiator, unit, purpose, depth, is_machine"
    names = {
        "columns": f"{columns}, properties, source, source_id",
        "person": f"'{cast.kern().id}'",
        "stranger": f"'{ids.new()}'",
    }
    passed = set()
    for name, statement in BREAKS.items():
        with whole.transaction(force_rollback=True):
            cur = whole.cursor()
            cur.execute("SET LOCAL session_replication_role = replica")  # past all triggers, as a forger would
            cur.execute("DROP INDEX IF EXISTS decide_enrolment_one_at_a_time")
            assert cur.execute(statement.format(**names)).rowcount, name
            passed |= {name} - broken(cur)
    assert passed == set()


def test_who_asks_a_broken_house_is_told_ids_and_what_to_do(whole: psycopg.Connection[Any]) -> None:
    (message,) = whole.execute("SELECT id FROM gate_message LIMIT 1").fetchone() or (UUID(int=0),)
    whole.execute("UPDATE gate_message SET state = 'withheld' WHERE id = %s", (message,))
    told = CliRunner().invoke(app, ["check", "history", "--language", "en"])
    assert told.exit_code == 1
    assert f"✗ What the log calls sent was sent.\n    {message}\n    → Open the message" in told.stdout
    assert "✓ What was sent stands in the log." in told.stdout


def test_what_leaves_while_somebody_withdraws_is_found(whole: psycopg.Connection[Any]) -> None:
    """The withdrawal was committed, and the dispatcher's verdict came later: a lock that was not taken."""
    doctor = cast.albrecht()
    with transaction.atomic():
        cast.withdraw(doctor, "email", now=NOON)
    assert broken(whole.cursor()) == set(), "her mail left before"
    with transaction.atomic():
        question = Question(
            "send",
            Recipient("person", doctor.id),
            "email",
            "promotional",
            unit="marketing",
            content=cast.mail().id,
            at=NOON,
        )
        (asked,) = door.ask(cursor(), [question], now=NOON, messages=[door.MessageSpec(cast.mail().id)])
    whole.execute("SET session_replication_role = replica")  # the table itself would refuse
    whole.execute(
        "UPDATE gate_message SET state = 'sending', dispatch_verdict = verdict, worker = 'w', claimed_at = now(), "
        "subject = 's', address_hash = 'h' WHERE id = %s",
        (asked.message,),
    )
    assert "withdrawals" in broken(whole.cursor())


def test_a_profile_is_folded_anew_by_command(whole: psycopg.Connection[Any]) -> None:
    whole.execute("UPDATE profiles_profile SET state = '{}'")
    assert broken(whole.cursor()) == {"profiles"}
    people = [str(person) for (person,) in whole.execute("SELECT person FROM profiles_profile")]
    assert CliRunner().invoke(app, ["check", "refold", *people]).exit_code == 0
    assert broken(whole.cursor()) == set()
