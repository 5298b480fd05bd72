from __future__ import annotations

from datetime import timedelta

import pytest

from einklang.core import clock
from einklang.core.connection import cursor
from einklang.core.ids import new
from einklang.loop.channels.fake import FakeAdapter
from einklang.loop.gate import door, outbox, queue, restored, tasks
from einklang.loop.gate.outbox import Message, Start
from einklang.loop.gate.tests.mails import LATER, NOON, ask, message, reader, safety

pytestmark = pytest.mark.django_db


def state(one: Message) -> str:
    return queue.get(cursor(), one.id).state


def test_what_could_have_left_since_the_backup_goes_only_when_people_say_so() -> None:
    due = message(ask(reader()))
    assert restored.doubt_due(cursor(), NOON) == 1
    adapter = FakeAdapter()
    assert tasks.dispatch(LATER, {"email": adapter}) == 0
    assert (state(due), adapter.sent) == ("uncertain", [])
    door.release(cursor(), [due.id], LATER)
    assert tasks.dispatch(LATER, {"email": adapter}) == 1
    assert state(due) == "sent"


def test_what_is_due_later_cannot_have_left() -> None:
    waits = message(ask(reader(), due_at=LATER))
    assert restored.doubt_due(cursor(), LATER - timedelta(seconds=1)) == 0
    assert state(waits) == "planned"


def test_what_was_just_leaving_is_uncertain() -> None:
    leaving = message(ask(reader()))
    outbox.start(cursor(), [Start(leaving.id, new(), "Betreff", "")], worker="a", claimed_at=clock.real_now(), now=NOON)
    assert restored.doubt_leaving(cursor(), LATER) == 1
    assert state(leaving) == "uncertain"


def test_a_safety_report_is_rather_sent_twice_than_never() -> None:
    report = message(safety())
    assert restored.doubt_due(cursor(), LATER) == 0
    assert state(report) == "planned"
