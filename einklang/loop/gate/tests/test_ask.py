from __future__ import annotations

from datetime import timedelta

import psycopg
import pytest

from einklang.core.connection import cursor
from einklang.core.errors import InputError, NotFound
from einklang.core.ids import new
from einklang.loop.gate import browse, door, outbox, queue, verdicts
from einklang.loop.gate.door import MessageSpec
from einklang.loop.gate.outbox import Change, Start, State
from einklang.loop.gate.question import Question, Recipient
from einklang.loop.gate.tests.mails import EARLY, LATER, NINE, NOON, ask, asks, message, reader, safety
from tests import cast

pytestmark = pytest.mark.django_db


def test_what_may_be_sent_is_planned_for_now() -> None:
    asked = ask(reader())
    planned = message(asked)
    assert asked.verdict.yes
    assert (planned.state, planned.due_at, planned.verdict) == ("planned", NOON, asked.verdict_id)
    assert planned.message_id == f"<{planned.id}@localhost>"


def test_DE_CON_01_what_may_not_be_sent_is_kept_as_withheld_with_its_rule() -> None:
    asked = ask(cast.albrecht())
    withheld = message(asked)
    assert (withheld.state, withheld.detail) == ("withheld", "DE-CON-01")
    assert verdicts.get(cursor(), asked.verdict_id).verdict.rules == ["DE-CON-01"]


def test_AUR_TIME_01_in_the_quiet_hours_it_is_planned_for_the_morning() -> None:
    planned = message(ask(reader(), at=EARLY))
    assert (planned.state, planned.due_at, planned.detail) == ("planned", NINE, "AUR-TIME-01")


def test_a_message_may_be_planned_for_a_later_day() -> None:
    assert message(ask(reader(), due_at=NOON + timedelta(days=3))).due_at == NOON + timedelta(days=3)


def test_a_batch_answers_in_the_order_of_its_questions() -> None:
    person, other, version = reader(), cast.kern(), cast.mail()
    questions = [asks(other, version), asks(person, version), asks(other, version)]
    asked = door.ask(cursor(), questions, now=NOON, messages=[MessageSpec(version.id)] * 3)
    assert [message(each).state for each in asked] == ["withheld", "planned", "withheld"]


def test_a_sending_without_anything_to_send_is_refused() -> None:
    with pytest.raises(InputError):
        door.ask(cursor(), [asks(reader(), cast.mail())], now=NOON)


def test_a_mailbox_with_a_line_break_is_refused() -> None:
    recipient = Recipient("mailbox", address="safety@aurelia.example\r\nBcc: all@aurelia.example")
    version = cast.opt_in_mail()
    question = Question("send", recipient, "email", "safety", content=version.id, at=NOON)
    with pytest.raises(InputError):
        door.ask(cursor(), [question], now=NOON, messages=[MessageSpec(version.id)])


def test_safety_mail_goes_to_a_mailbox_at_any_hour() -> None:
    planned = message(safety(at=EARLY))
    assert (planned.state, planned.due_at, planned.address) == ("planned", EARLY, "safety@aurelia.example")


def test_planned_messages_can_be_held_and_released() -> None:
    planned = message(ask(reader()))
    assert door.hold(cursor(), [planned.id], "paused") == {planned.id}
    assert queue.get(cursor(), planned.id).detail == "paused"
    assert door.hold(cursor(), [planned.id], "again") == set()
    assert door.release(cursor(), [planned.id], LATER) == {planned.id}
    assert queue.get(cursor(), planned.id).state == "planned"


def test_what_is_withheld_stays_withheld() -> None:
    planned = message(ask(reader()))
    assert door.withhold(cursor(), [planned.id], "DE-CON-07") == {planned.id}
    assert door.release(cursor(), [planned.id], LATER) == set()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        outbox.move(cursor(), [Change(planned.id, "planned")], after=["withheld"], now=LATER)


def test_the_queue_finds_what_waits_for_a_person_by_channel_and_purpose() -> None:
    person, cur = reader(), cursor()
    planned = message(ask(person)).id
    held = message(ask(person)).id
    door.hold(cur, [held], "paused")
    safety()
    assert set(queue.ids(cur, persons=[person.id], channel="email", purposes=["promotional"])) == {planned, held}
    assert queue.ids(cur, states=["planned"], persons=[person.id]) == [planned]
    assert queue.ids(cur, persons=[cast.kern().id]) == []


def test_the_queue_counts_and_lists() -> None:
    cur = cursor()
    planned, withheld = message(ask(reader())), message(ask(cast.kern(), at=LATER))
    assert queue.counts(cur) == {"planned": 1, "withheld": 1}
    assert [each.id for each in browse.listing(cur)] == [withheld.id, planned.id]
    assert [each.id for each in browse.listing(cur, state="planned")] == [planned.id]
    with pytest.raises(NotFound):
        queue.get(cur, new())


@pytest.mark.parametrize(("state", "counts"), [("planned", True), ("held", True), ("withheld", False)])
def test_what_waits_counts_as_a_contact_at_planning(state: State, counts: bool) -> None:
    person, cur = reader(), cursor()
    waiting = message(ask(person))
    if state != "planned":
        outbox.move(cur, [Change(waiting.id, state)], after=["planned"], now=NOON)
    pending = outbox.pending_contacts(cur, [person.id], NOON - timedelta(days=1))
    assert pending == ({person.id: [(NOON, "email")]} if counts else {})


def test_at_dispatch_only_what_others_are_sending_counts() -> None:
    person, cur = reader(), cursor()
    mine, other, waiting = (message(ask(person)).id for _ in range(3))
    leaving = [Start(each, new(), "Betreff", "") for each in (mine, other)]
    outbox.start(cur, leaving, worker="elsewhere/1", claimed_at=NOON, now=NOON)
    pending = outbox.pending_contacts(cur, [person.id], NOON - timedelta(days=1), [mine])
    assert pending == {person.id: [(NOON, "email")]}
    assert queue.get(cur, waiting).state == "planned"
